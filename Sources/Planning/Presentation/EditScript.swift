/// The shortest way from one list to another by taking out and putting in (Myers, 1986).
enum EditScript {
    enum Step {
        case same
        case removed
        case added
    }

    /// - Parameter editsMax: With more edits than this the whole of `left` is removed and the whole of `right` added.
    static func steps(_ left: [Int], _ right: [Int], editsMax: Int) -> [Step] {
        let most = min(left.count + right.count, editsMax)
        let center = most + 1
        // How far into `left` each diagonal has come.
        var furthest = [Int](repeating: 0, count: 2 * most + 3)
        // What `furthest` was before each number of edits, from diagonal `-edits - 1` to `edits + 1`.
        var trace: [[Int]] = []
        for edits in 0...most {
            trace.append(Array(furthest[(center - edits - 1)...(center + edits + 1)]))
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let isDown = goesDown(diagonal, edits: edits, furthest, center: center)
                var x = isDown ? furthest[center + diagonal + 1] : furthest[center + diagonal - 1] + 1
                var y = x - diagonal
                while x < left.count, y < right.count, left[x] == right[y] {
                    x += 1
                    y += 1
                }
                furthest[center + diagonal] = x
                if x >= left.count, y >= right.count { return backtrack(trace, from: (left.count, right.count)) }
            }
        }
        return [Step](repeating: .removed, count: left.count) + [Step](repeating: .added, count: right.count)
    }

    /// Whether the way onto a diagonal puts a line in, rather than taking one out.
    private static func goesDown(_ diagonal: Int, edits: Int, _ furthest: [Int], center: Int) -> Bool {
        diagonal == -edits || (diagonal != edits && furthest[center + diagonal - 1] < furthest[center + diagonal + 1])
    }

    private static func backtrack(_ trace: [[Int]], from end: (x: Int, y: Int)) -> [Step] {
        var steps: [Step] = []
        var (x, y) = end
        for edits in stride(from: trace.count - 1, to: 0, by: -1) {
            let furthest = trace[edits]
            let center = edits + 1
            let diagonal = x - y
            let isDown = goesDown(diagonal, edits: edits, furthest, center: center)
            let startX = furthest[center + (isDown ? diagonal + 1 : diagonal - 1)]
            let startY = startX - (isDown ? diagonal + 1 : diagonal - 1)
            // The run of equal lines after this edit.
            let run = isDown ? x - startX : x - startX - 1
            steps += [Step](repeating: .same, count: max(0, run))
            steps.append(isDown ? .added : .removed)
            (x, y) = (startX, startY)
        }
        steps += [Step](repeating: .same, count: max(0, x))
        return steps.reversed()
    }
}
