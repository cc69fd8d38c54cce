internal import Manifests

/// Who stands in an `allowed_signers` file (ssh-keygen(1), ALLOWED SIGNERS).
///
/// Whether a signature counts is for `ssh-keygen` to say, with validity, namespaces and authorities. This reading only
/// finds the names that belong to one key, so that nobody counts twice, and tells an unknown key from one that no longer holds.
struct AllowedSigners: Sendable {
    struct Entry: Hashable, Sendable {
        /// The patterns of the first column, without those that exclude (`!`).
        var principals: [String]
        /// Whether certificates that this key signed count, and not the key itself.
        var isAuthority: Bool
        var key: SSHPublicKey
    }

    let entries: [Entry]
    /// The lines that cannot be read, counted from 1.
    let unreadableLines: [Int]

    init(_ bytes: [UInt8]) {
        var entries: [Entry] = []
        var unreadable: [Int] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let text = line.drop(while: Self.isSpace)
            if text.isEmpty || text.first == 0x0D || text.first == UInt8(ascii: "#") { continue }
            if let entry = Self.entry(text) { entries.append(entry) } else { unreadable.append(index + 1) }
        }
        self.entries = entries
        unreadableLines = unreadable
    }

    /// The names that the file gives to a key: its own, and for a certificate those that it holds.
    func names(of key: SSHPublicKey) -> [String] {
        let own = entries.filter { !$0.isAuthority && $0.key.blob == key.blob }.flatMap(\.principals)
        return own + (hasAuthority(of: key) ? key.certificate?.principals ?? [] : [])
    }

    /// Whether the file has the key, or for a certificate the authority that signed it.
    func knows(_ key: SSHPublicKey) -> Bool {
        hasAuthority(of: key) || entries.contains { !$0.isAuthority && $0.key.blob == key.blob }
    }

    private func hasAuthority(of key: SSHPublicKey) -> Bool {
        guard let certificate = key.certificate else { return false }
        return entries.contains { $0.isAuthority && $0.key.blob == certificate.authority }
    }

    private static func entry(_ line: ArraySlice<UInt8>) -> Entry? {
        guard let (names, afterNames) = word(line) else { return nil }
        var rest = afterNames
        var options = ""
        if key(rest) == nil {
            guard let (text, after) = word(rest) else { return nil }
            options = text
            rest = after
        }
        guard let key = key(rest) else { return nil }
        let principals = names.filter { $0 != "\"" }.split(separator: ",").map(String.init).filter { !$0.hasPrefix("!") }
        let isAuthority = options.lowercased().split(separator: ",").contains("cert-authority")
        return Entry(principals: principals, isAuthority: isAuthority, key: key)
    }

    /// Characters up to a space that is in no quotes, and what follows.
    private static func word(_ line: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>)? {
        var isQuoted = false
        var index = line.startIndex
        while index < line.endIndex, isQuoted || !isSpace(line[index]) {
            if line[index] == UInt8(ascii: "\\"), index + 1 < line.endIndex, line[index + 1] == UInt8(ascii: "\"") {
                index += 1
            } else if line[index] == UInt8(ascii: "\"") {
                isQuoted.toggle()
            }
            index += 1
        }
        guard index > line.startIndex, !isQuoted else { return nil }
        return (String(decoding: line[..<index], as: UTF8.self), line[index...].drop(while: isSpace))
    }

    private static func key(_ text: ArraySlice<UInt8>) -> SSHPublicKey? {
        let words = text.split(maxSplits: 2, whereSeparator: { isSpace($0) || $0 == 0x0D })
        guard words.count >= 2, let blob = Base64.decode(String(decoding: words[1], as: UTF8.self)),
            let key = SSHPublicKey(blob: blob), key.type == String(decoding: words[0], as: UTF8.self)
        else { return nil }
        return key
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
