import Foundation
import Manifests
import Testing

@testable import Planning

struct LineDifferenceTests {
    struct Case: CustomTestStringConvertible {
        var before: String
        var after: String
        var lines: [LineDifference.Line]
        var testDescription: String { "\(before) -> \(after)".replacing("\n", with: "|") }
    }

    @Test(arguments: [
        Case(before: "a\nb\nc\n", after: "a\nx\nc\n", lines: [.same("a"), .removed("b"), .added("x"), .same("c")]),
        Case(before: "", after: "a\n", lines: [.removed(""), .added("a")]),
        // A single equal line is not worth a mark.
        Case(
            before: "1\n2\n3\n4\n", after: "1\n2\n3\n5\n",
            lines: [.same("1"), .same("2"), .same("3"), .removed("4"), .added("5")]),
        Case(
            before: "1\n2\n3\n4\n5\n6\n7\n8\n9\n", after: "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
            lines: [
                .gap(count: 2, from: 1), .same("3"), .same("4"), .removed("5"), .added("x"), .same("6"), .same("7"),
                .gap(count: 2, from: 8),
            ]),
        Case(before: "a", after: "a\n", lines: [.same("a"), .removed("\\ no line end")]),
    ])
    func lines(_ test: Case) {
        #expect(LineDifference.lines(before: test.before, after: test.after) == test.lines)
    }

    @Test func scriptsLeadFromOneToTheOther() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let left = (0..<Int.random(in: 0...12, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let right = (0..<Int.random(in: 0...12, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            for most in [3, 400] {
                var (i, made, kept) = (0, [Int](), 0)
                for step in EditScript.steps(left, right, editsMax: most) {
                    switch step {
                    case .same:
                        made.append(left[i])
                        i += 1
                        kept += 1
                    case .removed: i += 1
                    case .added: made.append(right[made.count])
                    }
                }
                #expect(made == right && i == left.count, "\(left) \(right)")
                if most == 400 { #expect(kept == longestCommon(left, right), "\(left) \(right)") }
            }
        }
    }

    private func longestCommon(_ left: [Int], _ right: [Int]) -> Int {
        var table = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
        for i in left.indices {
            for j in right.indices {
                table[i + 1][j + 1] = left[i] == right[j] ? table[i][j] + 1 : max(table[i][j + 1], table[i + 1][j])
            }
        }
        return table[left.count][right.count]
    }

    @Test func whollyDifferentTextsTakeNoTime() {
        let before = (0..<20_000).map { "a\($0)" }.joined(separator: "\n")
        let after = (0..<20_000).map { "b\($0)" }.joined(separator: "\n")
        let time = ContinuousClock().measure { #expect(LineDifference.lines(before: before, after: after).count == 40_001) }
        #expect(time < .seconds(5))
    }
}

struct PresentationTests {
    @Test(arguments: [
        ("/spec/containers/0/image", "spec.containers[name=web].image"), ("/metadata/labels/a~1b", "metadata.labels[\"a/b\"]"),
        ("/spec/args/1", "spec.args[1]"), ("/spec/containers/7/image", "spec.containers[7].image"), ("/data/", "data[\"\"]"),
    ])
    func fieldText(_ pointer: String, _ text: String) {
        let object: Value = ["spec": ["containers": [["name": "web", "image": "x"]], "args": ["a", "b"]]]
        #expect(FieldText.text(pointer, in: object) == text)
    }

    @Test func differencesNameListItemsByTheirKeys() {
        let differences = Differ.differences(
            before: ["spec": ["ports": [["port": 80, "protocol": "TCP", "name": "a"]]]],
            after: ["spec": ["ports": [["port": 80, "protocol": "TCP", "name": "a", "appProtocol": "h2c"]]]])
        #expect(differences.map(\.path.fieldText) == ["spec.ports[name=a].appProtocol"])
        #expect(differences.map(\.path.pointer) == ["/spec/ports/0/appProtocol"])
    }

    @Test func nothingActsOnTheScreen() {
        #expect(VisibleText.text("a\u{1B}[2Jb\u{202E}c\nd\te") == "a<U+001B>[2Jb<U+202E>c<U+000A>d\te")
        #expect(VisibleText.text("Grüße, 世界 🎉") == "Grüße, 世界 🎉")
    }

    @Test func longValuesShowWhereTheyDiffer() {
        let path = String(repeating: "x/", count: 80)
        let pair = ValueText.pair(.string(path + "web:1"), .string(path + "web:2"))
        #expect(pair.before == "…x/x/x/x/web:1\"" && pair.after == "…x/x/x/x/web:2\"")
    }

    @Test func alikeChangesAreFoldedAndDangersNever() throws {
        let text = PresentationText(isColored: false).text(Presentation(bigPlan(changes: 1_000)))
        #expect(text.contains("  ~ 396 apps/Deployment: team-1/web-1, "))
        #expect(
            text.contains(
                "the same in each:\n      ~ spec.template.spec.containers[name=web].image: \"registry.example.com/web:1\" -> \"registry.example.com/web:2\""
            ))
        #expect(text.contains("--full shows each"))
        #expect(text.utf8.count < 40_000)
        let full = PresentationText(isColored: false, options: .init(detail: .full)).text(Presentation(bigPlan(changes: 1_000)))
        for change in bigPlan(changes: 1_000).changes { #expect(full.contains(change.id)) }
        var plan = bigPlan(changes: 300)
        plan.changes += (0..<70).map { index in
            Change(
                apiVersion: "v1", reference: ObjectReference(group: "", kind: "Namespace", namespace: "", name: "gone-\(index)"),
                action: .delete, precondition: .absent)
        }
        let dangerous = PresentationText(isColored: false).text(Presentation(plan))
        for index in 0..<70 { #expect(dangerous.contains("- Namespace/gone-\(index)  delete")) }
    }

    @Test func markdownKeepsToTheSizeThatSitesAccept() {
        for size in [2_000, 5_000, 65_536] {
            for plan in [bigPlan(changes: 5_000), bigPlan(changes: 100)] {
                let text = PresentationMarkdown(options: .init(detail: .full), bytesMax: size).text(Presentation(plan))
                #expect(text.utf8.count <= size)
                #expect(text.utf8.count > size / 2 || !text.contains("Cut to fit"))
                #expect(text.components(separatedBy: "<details").count == text.components(separatedBy: "</details>").count)
            }
        }
        let text = PresentationMarkdown(options: .init(detail: .full)).text(Presentation(bigPlan(changes: 5_000)))
        #expect(text.contains("> Cut to fit into 65536 bytes: "))
    }

    @Test(arguments: ["a", "`", "``a", "a`b``c", " a ", "|", "\\|", "a\nb", "</details>", "@x", "*_[]()"])
    func codeSpansHoldAnything(_ text: String) {
        let code = MarkdownEscape.code(text)
        let fence = code.prefix { $0 == "`" }
        #expect(!fence.isEmpty && code.hasSuffix(fence) && !code.contains("\n"))
        let inner = code.dropFirst(fence.count).dropLast(fence.count)
        #expect(!inner.contains(fence + "`") && !inner.split(whereSeparator: { $0 != "`" }).contains { $0.count == fence.count })
        #expect(!MarkdownEscape.cell(text).contains("|"))
    }

    @Test func foldedGraphsStayDrawable() {
        let graph = DependencyGraph(Presentation(bigPlan(changes: 5_000)))
        #expect(graph.isFolded && graph.nodes.count <= DependencyGraph.nodesMax && !graph.edges.isEmpty)
        let layout = GraphLayout(nodeCount: 4, edges: [(0, 1), (1, 2), (0, 2), (0, 3)])
        // The way from 0 to 2 leads through 1.
        #expect(layout.column == [0, 1, 2, 1] && layout.routes.count == 3)
        #expect(GraphLayout(nodeCount: 0, edges: []).columnCount == 0)
    }

    @Test func aLongPlanIsShownAtOnce() throws {
        let plan = bigPlan(changes: 5_000)
        let clock = ContinuousClock()
        var sizes: [Int] = []
        let text = clock.measure { sizes.append(PlanText(isColored: true).text(plan).utf8.count) }
        let full = clock.measure { sizes.append(PlanText(isColored: true, options: .init(detail: .full)).text(plan).utf8.count) }
        let markdown = clock.measure { sizes.append(PresentationMarkdown().text(Presentation(plan)).utf8.count) }
        let html = clock.measure { sizes.append(HTMLPage().bytes(Presentation(plan)).count) }
        print("5,000 changes: text \(text), full \(full), markdown \(markdown), html \(html), bytes \(sizes)")
        // Debug builds are an order of magnitude slower than what is measured against.
        #expect(text < .seconds(20) && html < .seconds(60))
        if let folder = ProcessInfo.processInfo.environment["PLUMB_TEST_OUTPUT"] {
            try Data(plan.fileBytes).write(to: URL(fileURLWithPath: folder + "/big.plan"))
        }
    }
}
