import Foundation
import Manifests
import Planning
import Testing

/// `testdata/presentation/<case>/plan.json` and what is shown of it. `PLUMB_UPDATE_GOLDEN=1` writes the expected files anew
/// and fails, so that somebody reads the difference.
struct PresentationGoldenTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "testdata/presentation")
    static let cases = ((try? FileManager.default.contentsOfDirectory(atPath: root.path())) ?? []).sorted()
    static let forms = ["txt", "full.txt", "summary.txt", "ansi", "md", "html", "dot"]

    @Test func casesAreThere() { #expect(Self.cases.count >= 3) }

    @Test(arguments: cases, forms)
    func form(name: String, form: String) async throws {
        let folder = Self.root.appending(path: name)
        let plan = try await PlanFile.read(Array(Data(contentsOf: folder.appending(path: "plan.json"))), file: "plan.json").plan
        let actual = Self.render(Presentation(plan), form)
        let file = folder.appending(path: "expected.\(form)")
        if ProcessInfo.processInfo.environment["PLUMB_UPDATE_GOLDEN"] == "1" {
            let before = try? Data(contentsOf: file)
            try Data(actual).write(to: file)
            #expect(before == Data(actual), "written anew: \(file.path())")
            return
        }
        let expected = Array(try Data(contentsOf: file))
        #expect(String(decoding: actual, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }

    private static func render(_ presentation: Presentation, _ form: String) -> [UInt8] {
        switch form {
        case "txt": Array(PresentationText(isColored: false).text(presentation).utf8)
        case "full.txt": Array(PresentationText(isColored: false, options: .init(detail: .full)).text(presentation).utf8)
        case "summary.txt": Array(PresentationText(isColored: false, options: .init(detail: .summary)).text(presentation).utf8)
        case "ansi": Array(PresentationText(isColored: true).text(presentation).utf8)
        case "md": Array(PresentationMarkdown().text(presentation).utf8)
        case "html": HTMLPage().bytes(presentation)
        default: Array(PresentationDot.text(presentation).utf8)
        }
    }
}
