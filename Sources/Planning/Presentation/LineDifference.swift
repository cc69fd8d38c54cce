/// Which lines differ between two texts, with the lines around them.
package enum LineDifference {
    private static let context = 2
    /// Beyond this many lines to compare, the changed middle is shown as removed and added whole.
    private static let comparedLinesMax = 2_000

    /// Lines that begin with ` `, `-` or `+`; `…` stands for lines left out.
    package static func lines(before: String, after: String) -> [String] {
        let left = before.split(separator: "\n", omittingEmptySubsequences: false)
        let right = after.split(separator: "\n", omittingEmptySubsequences: false)
        var start = 0
        while start < left.count, start < right.count, left[start] == right[start] { start += 1 }
        var end = 0
        while end < left.count - start, end < right.count - start, left[left.count - 1 - end] == right[right.count - 1 - end] {
            end += 1
        }
        let middle = edits(Array(left[start..<(left.count - end)]), Array(right[start..<(right.count - end)]))
        var lines: [String] = []
        let head = max(0, start - context)
        if head > 0 { lines.append("…") }
        lines += left[head..<start].map { "  \($0)" }
        lines += folded(middle)
        let tail = min(left.count, left.count - end + context)
        lines += left[(left.count - end)..<tail].map { "  \($0)" }
        if tail < left.count { lines.append("…") }
        return lines
    }

    private static func edits(_ left: [Substring], _ right: [Substring]) -> [String] {
        guard left.count + right.count <= comparedLinesMax else {
            return left.map { "- \($0)" } + right.map { "+ \($0)" }
        }
        let difference = right.difference(from: left)
        let removed = Set(difference.removals.map { change in
            if case .remove(let offset, _, _) = change { return offset }
            return -1
        })
        let inserted = Set(difference.insertions.map { change in
            if case .insert(let offset, _, _) = change { return offset }
            return -1
        })
        var lines: [String] = []
        var (i, j) = (0, 0)
        while i < left.count || j < right.count {
            if i < left.count, removed.contains(i) {
                lines.append("- \(left[i])")
                i += 1
            } else if j < right.count, inserted.contains(j) {
                lines.append("+ \(right[j])")
                j += 1
            } else {
                lines.append("  \(left[i])")
                i += 1
                j += 1
            }
        }
        return lines
    }

    /// Long runs of equal lines between two changes are left out.
    private static func folded(_ lines: [String]) -> [String] {
        var result: [String] = []
        var run: [String] = []
        func flush() {
            if run.count > 2 * context + 1 {
                result += run.prefix(context) + ["…"] + run.suffix(context)
            } else {
                result += run
            }
            run = []
        }
        for line in lines {
            if line.hasPrefix("  ") {
                run.append(line)
            } else {
                flush()
                result.append(line)
            }
        }
        flush()
        return result
    }
}
