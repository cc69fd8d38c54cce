internal import Manifests

/// The dependency graph of a presentation in Graphviz' language: `plumb show --format dot FILE | dot -Tsvg`.
package enum PresentationDot {
    package static func text(_ presentation: Presentation) -> String {
        var lines = [
            "digraph plan {", "  rankdir=LR;", "  label=\(quoted(presentation.title)); labelloc=t;",
            "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];",
        ]
        let items = presentation.items
        let known = Set(items.map(\.id))
        for (index, group) in presentation.groups.enumerated() {
            lines.append("  subgraph cluster_\(index) {")
            lines.append("    label=\(quoted(group.title)); color=gray;")
            for item in group.items {
                let label =
                    "\(item.mark.sign) \(item.reference.kind)\n\(item.reference.namespace.isEmpty ? "" : item.reference.namespace + "/")\(item.reference.name)"
                lines.append(
                    "    \(quoted(item.key)) [label=\(quoted(VisibleText.text(label, keepsLines: true))), color=\(color(item.mark)), tooltip=\(quoted("\(item.verb) \(item.id)"))];"
                )
            }
            lines.append("  }")
        }
        // An arrow points from what goes first to what waits for it.
        for item in items {
            for needed in item.dependsOn where known.contains(needed) {
                lines.append("  \(quoted(needed)) -> \(quoted(item.id));")
            }
        }
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func color(_ mark: PresentedMark) -> String {
        switch mark {
        case .added: "\"#1a7f37\""
        case .removed: "\"#cf222e\""
        case .replaced: "\"#bc4c00\""
        case .changed: "\"#9a6700\""
        case .same: "gray"
        }
    }

    /// Graphviz reads backslash sequences in labels: a backslash of ours is doubled, a line end becomes one.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
