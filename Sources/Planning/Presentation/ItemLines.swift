internal import Manifests

/// Makes the lines below an item.
struct ItemLines {
    let options: PresentationOptions
    /// How many lines of a new object, or of a new value, are shown; `nil` for all.
    let contentLinesMax: Int?
    /// How many lines of one object's differences are shown; `nil` for all.
    let itemLinesMax: Int?

    init(options: PresentationOptions) {
        self.init(options: options, contentLinesMax: options.contentLinesMax, itemLinesMax: options.itemLinesMax)
    }

    init(options: PresentationOptions, contentLinesMax: Int?, itemLinesMax: Int?) {
        self.options = options
        self.contentLinesMax = contentLinesMax
        self.itemLinesMax = itemLinesMax
    }

    func lines(_ item: PresentedItem) -> [PresentedLine] {
        var lines: [PresentedLine] = []
        switch item.content {
        case .none: break
        case .whole(let object):
            let mark: PresentedMark = item.mark == .removed ? .removed : .added
            lines = limited(ValueText.lines(Self.withoutName(object)), mark: mark)
        case .fields(let differences, let object):
            for difference in differences { lines += self.lines(difference, in: object) }
        case .lines(let made): lines = made
        }
        if let most = itemLinesMax, lines.count > most {
            let rest = lines.count - most
            lines.removeLast(rest)
            lines.append(.gap(Self.count(rest, "more line")))
        }
        return lines
    }

    static func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

    /// An object without what its id says already.
    private static func withoutName(_ object: Value) -> Value {
        guard case .object(var members) = object else { return object }
        for key in ["apiVersion", "kind"] { members[key] = nil }
        if var metadata = members["metadata"]?.object {
            for key in ["name", "namespace"] { metadata[key] = nil }
            if var annotations = metadata["annotations"]?.object {
                annotations[TrackingID.annotation] = nil
                metadata["annotations"] = annotations.isEmpty ? nil : .object(annotations)
            }
            members["metadata"] = metadata.isEmpty ? nil : .object(metadata)
        }
        return .object(members)
    }

    private func limited(_ lines: [String], mark: PresentedMark) -> [PresentedLine] {
        // An object without content has nothing to show.
        if lines == ["{}"] { return [] }
        guard let most = contentLinesMax, lines.count > most + 1 else { return lines.map { .text(mark, $0) } }
        return lines.prefix(most).map { .text(mark, $0) } + [.gap(Self.count(lines.count - most, "more line"))]
    }

    func lines(_ differences: [RawDifference]) -> [PresentedLine] {
        differences.flatMap { difference in
            lines(
                FieldDifference(
                    path: difference.path.pointer, before: difference.before, after: difference.after, cause: .git,
                    field: difference.path.fieldText), in: nil)
        }
    }

    func lines(_ difference: FieldDifference, in object: Value?) -> [PresentedLine] {
        let name = VisibleText.text(difference.field ?? FieldText.text(difference.path, in: object))
        let pointer = VisibleText.text(difference.path)
        let origin = Self.origin(difference)
        switch (difference.before, difference.after) {
        case (.some(let before), .some(let after)):
            return changed(before, after, head: Head(mark: .changed, name: name, pointer: pointer, origin: origin))
        case (nil, .some(let after)):
            return whole(after, head: Head(mark: .added, name: name, pointer: pointer, origin: origin))
        case (.some(let before), nil):
            return whole(before, head: Head(mark: .removed, name: name, pointer: pointer, origin: origin))
        case (nil, nil): return []
        }
    }

    /// A field with its mark; its values follow.
    private struct Head {
        var mark: PresentedMark
        var name: String
        var pointer: String
        var origin: String?

        var block: PresentedLine { .block(mark: mark, name: name, pointer: pointer, origin: origin) }

        func field(before: String?, after: String?) -> PresentedLine {
            .field(mark: mark, name: name, pointer: pointer, before: before, after: after, origin: origin)
        }

        var isBinary: Bool { pointer.hasPrefix("/binaryData/") }
    }

    private func changed(_ before: Value, _ after: Value, head: Head) -> [PresentedLine] {
        if case .string(let left) = before, case .string(let right) = after {
            // Withheld on both sides, the two would look the same.
            if left == Sensitivity.mask, right == Sensitivity.mask {
                return [head.field(before: Sensitivity.mask, after: "(another sensitive value)")]
            }
            if head.isBinary, let left = ValueText.binary(left), let right = ValueText.binary(right) {
                return [head.field(before: left, after: right)]
            }
            if left.utf8.contains(0x0A) || right.utf8.contains(0x0A) { return block(left, right, head: head) }
            if let prettyLeft = ValueText.prettyJSON(left), let prettyRight = ValueText.prettyJSON(right), prettyLeft != prettyRight {
                return block(prettyLeft, prettyRight, head: head)
            }
        }
        if before.array != nil || after.array != nil || before.object != nil || after.object != nil {
            let found = LineDifference.lines(
                before: ValueText.lines(before), after: ValueText.lines(after), context: options.contextLines)
            return [head.block] + found.map(Self.line)
        }
        let pair = ValueText.pair(before, after)
        return [head.field(before: pair.before, after: pair.after)]
    }

    private func block(_ before: String, _ after: String, head: Head) -> [PresentedLine] {
        [head.block] + LineDifference.lines(before: before, after: after, context: options.contextLines).map(Self.line)
    }

    private func whole(_ value: Value, head: Head) -> [PresentedLine] {
        func field(_ text: String) -> [PresentedLine] {
            [head.mark == .removed ? head.field(before: text, after: nil) : head.field(before: nil, after: text)]
        }
        switch value {
        case .string(let text):
            if head.isBinary, let binary = ValueText.binary(text) { return field(binary) }
            guard text.utf8.contains(0x0A) else { return field(ValueText.short(value)) }
            var lines = VisibleText.text(text, keepsLines: true).utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
                .map { String(Substring($0)) }
            if lines.last == "" { lines.removeLast() }
            return [head.block] + limited(lines, mark: head.mark)
        case .array(let items) where !items.isEmpty: return [head.block] + limited(ValueText.lines(value), mark: head.mark)
        case .object(let object) where !object.isEmpty:
            return [head.block] + limited(ValueText.lines(value), mark: head.mark)
        default: return field(ValueText.short(value))
        }
    }

    private static func line(_ line: LineDifference.Line) -> PresentedLine {
        switch line {
        case .same(let text): .text(.same, VisibleText.text(text))
        case .removed(let text): .text(.removed, VisibleText.text(text))
        case .added(let text): .text(.added, VisibleText.text(text))
        case .gap(let count, let from): .gap("lines \(from)–\(from + count - 1) unchanged")
        }
    }

    private static func origin(_ difference: FieldDifference) -> String? {
        var words = difference.forcesReplacement ? ["forces replacement"] : []
        if difference.cause == .drift {
            var text = "drift"
            if let writer = difference.writer {
                text += " by \(writer.manager)"
                // An update of the object itself is what everybody expects.
                if !writer.subresource.isEmpty { text += " through \(writer.subresource)" }
                if writer.operation == "Apply" { text += " applying" }
                if !writer.time.isEmpty { text += " at \(writer.time)" }
            }
            words.append(text)
        }
        return words.isEmpty ? nil : VisibleText.text(words.joined(separator: ", "))
    }
}
