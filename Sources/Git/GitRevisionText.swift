import Manifests

/// What a user wrote for a revision, taken apart: a name or id, and `~2` or `^` behind it.
struct GitRevisionText {
    let base: String
    /// `~…` and `^…`, or empty.
    let suffix: String

    private static let bytesMax = 1024

    init(_ text: String) throws(Diagnostic) {
        guard !text.isEmpty else { throw Diagnostic("the revision is empty", advice: "give a branch, a tag or a commit id") }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        guard text.utf8.count <= Self.bytesMax, isPlain, !text.hasPrefix("-") else {
            throw Diagnostic(
                "the revision '\(String(text.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }.prefix(60).map(Character.init)))' is not valid",
                advice: "give a branch, a tag or a commit id")
        }
        guard !text.contains(":"), !text.contains(".."), !text.contains("@{") else {
            throw Diagnostic("the revision '\(text)' does not name one commit", advice: "give a branch, a tag or a commit id")
        }
        let end = text.utf8.firstIndex { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "^") } ?? text.endIndex
        let name = String(text[..<end])
        base = name.isEmpty || name == "@" ? "HEAD" : name
        suffix = String(text[end...])
    }

    static func isHex(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || ($0 | 0x20) &- UInt8(ascii: "a") < 6 }
    }

    var isFullID: Bool { base.utf8.count == 2 * ObjectID.byteCount && Self.isHex(base) }
    /// Git takes four digits and more for an id.
    var isShortID: Bool { (4..<2 * ObjectID.byteCount).contains(base.utf8.count) && Self.isHex(base) }
}
