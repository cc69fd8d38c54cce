internal import Manifests

/// A page of the manual in roff's man macros, out of ArgumentParser's description of a command.
struct ManualPage: Sendable {
    /// Such as `plumb-audit-verify`.
    let name: String
    let text: String

    /// The pages of a command and of all below it.
    static func pages(of command: Value, above: [String] = []) -> [ManualPage] {
        let path = above + [command["commandName"]?.string ?? ""]
        let children = (command["subcommands"]?.array ?? []).filter {
            $0["shouldDisplay"]?.bool != false && $0["commandName"]?.string != "help"
        }
        let page = ManualPage(command, path: path, children: children)
        // A command that does nothing but hold others is told by their pages, but for the program itself.
        return [page] + children.flatMap { pages(of: $0, above: path) }
    }

    private init(_ command: Value, path: [String], children: [Value]) {
        name = path.joined(separator: "-")
        let arguments = (command["arguments"]?.array ?? []).filter { $0["shouldDisplay"]?.bool != false }
        var lines = [
            ".TH \(Self.escaped(name.uppercased())) 1 \"\" \"plumb \(PlumbVersion.text)\" \"plumb\"", ".SH NAME",
            "\(Self.escaped(name)) \\- \(Self.escaped(command["abstract"]?.string ?? ""))", ".SH SYNOPSIS",
            ".B \(Self.escaped(path.joined(separator: " ")))",
        ]
        for argument in arguments where argument["kind"]?.string == "positional" {
            let value = argument["valueName"]?.string ?? ""
            let dots = argument["isRepeating"]?.bool == true ? " ..." : ""
            lines.append(
                argument["isOptional"]?.bool == true ? "[\\fI\(Self.escaped(value))\\fR\(dots)]" : "\\fI\(Self.escaped(value))\\fR\(dots)")
        }
        if !children.isEmpty { lines.append("\\fIcommand\\fR") }
        if arguments.contains(where: { $0["kind"]?.string != "positional" }) { lines.append("[\\fIoptions\\fR]") }
        if let discussion = command["discussion"]?.string, !discussion.isEmpty {
            lines += [".SH DESCRIPTION"] + Self.paragraphs(discussion)
        }
        if !children.isEmpty {
            lines.append(".SH COMMANDS")
            for child in children {
                let own = child["commandName"]?.string ?? ""
                lines += [".TP", ".BR \(Self.escaped("\(name)-\(own)")) (1)", Self.escaped(child["abstract"]?.string ?? "")]
            }
        }
        if !arguments.isEmpty { lines.append(".SH OPTIONS") }
        for argument in arguments { lines += Self.lines(of: argument) }
        lines += [
            ".SH SEE ALSO",
            path.count == 1 ? ".BR git (1), ssh-keygen (1)" : ".BR \(Self.escaped(path.dropLast().joined(separator: "-"))) (1)",
        ]
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of argument: Value) -> [String] {
        let value = argument["valueName"]?.string ?? ""
        var head: String
        if argument["kind"]?.string == "positional" {
            head = "\\fI\(escaped(value))\\fR"
        } else {
            head = (argument["names"]?.array ?? []).map { name in
                let text = name["name"]?.string ?? ""
                return "\\fB\(escaped(name["kind"]?.string == "short" ? "-\(text)" : "--\(text)"))\\fR"
            }.joined(separator: ", ")
            if argument["kind"]?.string == "option" { head += " \\fI\(escaped(value))\\fR" }
        }
        var lines = [".TP", head]
        if let text = argument["abstract"]?.string { lines.append(escaped(text)) }
        if let text = argument["discussion"]?.string, !text.isEmpty { lines += paragraphs(text) }
        if let standard = argument["defaultValue"]?.string, !standard.isEmpty { lines.append("By default \(escaped(standard)).") }
        return lines
    }

    private static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { lines.append(".PP") } else { lines.append(escaped(String(line))) }
        }
        return lines
    }

    /// A backslash stands for itself, a minus is one that can be copied, and no line begins a request.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            default: result.append(character)
            }
        }
        return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
    }
}
