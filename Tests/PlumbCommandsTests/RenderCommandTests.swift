import ArgumentParser
import Testing

@testable import PlumbCommands

/// The command that is made without the parser.
struct RenderCommandTests {
    @Test func aFolderAloneIsReadAsTheParserReadsIt() throws {
        let parsed = try RenderCommand.parse(["environments/production"])
        let made = RenderCommand(folder: "environments/production")
        var (expected, found) = ("", "")
        dump(parsed, to: &expected)
        dump(made, to: &found)
        #expect(expected.contains("environments/production") && expected.contains("allowRemoteBases"))
        #expect(found == expected)
    }
}
