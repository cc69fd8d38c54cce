/// Which lines differ between two texts, with the lines around them.
package enum LineDifference {
    /// A line of the outcome.
    package enum Line: Hashable, Sendable {
        case same(String)
        case removed(String)
        case added(String)
        /// Lines that are the same and not shown; `from` counts them from 1 in the text after the change.
        case gap(count: Int, from: Int)
    }

    /// With more differing lines than this, what lies between the first and the last is shown as removed and added
    /// whole: the work grows with the square of this number.
    static let editsMax = 400

    /// - Parameter context: How many equal lines are kept before and after each change.
    package static func lines(before: String, after: String, context: Int = 2) -> [Line] {
        lines(before: split(before), after: split(after), context: context)
    }

    package static func lines(before left: [String], after right: [String], context: Int) -> [Line] {
        var numbers: [String: Int] = [:]
        func number(_ line: String) -> Int {
            if let known = numbers[line] { return known }
            numbers[line] = numbers.count
            return numbers.count - 1
        }
        let leftNumbers = left.map(number)
        let rightNumbers = right.map(number)
        var start = 0
        while start < left.count, start < right.count, leftNumbers[start] == rightNumbers[start] { start += 1 }
        var end = 0
        while end < left.count - start, end < right.count - start,
            leftNumbers[left.count - 1 - end] == rightNumbers[right.count - 1 - end]
        { end += 1 }
        let script = EditScript.steps(
            Array(leftNumbers[start..<(left.count - end)]), Array(rightNumbers[start..<(right.count - end)]), editsMax: editsMax)
        var lines = left[..<start].map(Line.same)
        var (i, j) = (start, start)
        for step in script {
            switch step {
            case .same:
                lines.append(.same(right[j]))
                i += 1
                j += 1
            case .removed:
                lines.append(.removed(left[i]))
                i += 1
            case .added:
                lines.append(.added(right[j]))
                j += 1
            }
        }
        lines += left[(left.count - end)...].map(Line.same)
        return folded(lines, context: context)
    }

    private static func split(_ text: String) -> [String] {
        var text = text
        // The last line's end is no line of its own; a text without it is told by the missing end below.
        let isEnded = text.utf8.last == 0x0A
        if isEnded { text.unicodeScalars.removeLast() }
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
        if !isEnded, !text.isEmpty { lines.append("\\ no line end") }
        return lines
    }

    /// Leaves out the equal lines that are far from any change.
    private static func folded(_ lines: [Line], context: Int) -> [Line] {
        var isKept = [Bool](repeating: false, count: lines.count)
        for (index, line) in lines.enumerated() {
            if case .same = line { continue }
            for near in max(0, index - context)...min(lines.count - 1, index + context) { isKept[near] = true }
        }
        var result: [Line] = []
        var number = 1
        var index = 0
        while index < lines.count {
            if isKept[index] {
                result.append(lines[index])
                if case .removed = lines[index] {} else { number += 1 }
                index += 1
                continue
            }
            var count = 0
            while index + count < lines.count, !isKept[index + count] { count += 1 }
            // A mark in the place of a single line saves nothing.
            if count == 1 { result.append(lines[index]) } else { result.append(.gap(count: count, from: number)) }
            number += count
            index += count
        }
        return result
    }
}
