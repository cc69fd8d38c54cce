import Foundation
import Manifests
import Testing

@testable import Auditing

/// The quick look at a line must never say other than the parser.
@Suite struct ScannerTests {
    private func scan(_ text: String) -> (Int64?, String?, String?)? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { raw in
            guard let found = ChainScanner.scan(raw) else { return nil }
            func string(_ range: Range<Int>?) -> String? { range.map { String(decoding: bytes[$0], as: UTF8.self) } }
            return (found.sequence, string(found.previous), string(found.runID))
        }
    }

    @Test func findsWhatTheChainNeeds() {
        let found = scan(
            #"{"a":[1,-2.5e+3,{"sequence":9,"x":"\"\u00e9\n"}],"b":{},"c":[],"d":null,"e":true,"f":false,"previous":"abc","runID":"r","sequence":17}"#
        )
        #expect(found?.0 == 17 && found?.1 == "abc" && found?.2 == "r")
        #expect(scan("{}")?.0 == nil)
    }

    @Test(arguments: [
        "", "{", "[]", "1", "{}x", " {}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":-}"#,
        #"{"a":1e}"#,
        #"{"a":tru}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#, "{\"a\":\"\u{1}\"}", #"{"a":"b}"#, #"{"a":[1,]}"#, #"{"a":[}"#,
        #"{"sequence":1.5}"#,
        #"{"sequence":-1}"#, #"{"sequence":1,"sequence":2}"#, #"{"runID":"a\"b"}"#, #"{"sequ\u0065nce":1}"#,
        #"{"sequence":12345678901234567}"#,
        String(repeating: #"{"a":"#, count: 5000), "{\"a\":" + String(repeating: "[", count: 100_000),
    ])
    func leavesTheRestToTheParser(text: String) { #expect(scan(text) == nil) }

    @Test func brokenTextIsNoRecord() {
        let bytes: [UInt8] = Array(#"{"a":"#.utf8) + [0x22, 0xFF, 0x22, 0x7D]
        #expect(bytes.withUnsafeBytes { ChainScanner.scan($0) } == nil)
    }

    /// Whatever one byte of a line is changed to, both say the same of it.
    @Test func agreesWithTheParserOnEveryDamage() throws {
        let line = Array(
            #"{"environment":"p","fields":{"a":[1,2.5,null,true],"b":"x\ny"},"previous":"00ff","runID":"r1","sequence":42,"time":"t","type":"x"}"#
                .utf8)
        for index in line.indices {
            for byte: UInt8 in [0, 9, 0x20, 0x22, 0x2C, 0x30, 0x39, 0x3A, 0x5B, 0x5C, 0x5D, 0x65, 0x7B, 0x7D, 0x80, 0xC3, 0xFF] {
                var damaged = line
                damaged[index] = byte
                let parsed = try? JSONParser.parse(damaged)
                damaged.withUnsafeBytes { raw in
                    guard let found = ChainScanner.scan(raw) else { return }
                    #expect(parsed != nil, "\(String(decoding: damaged, as: UTF8.self))")
                    if let sequence = found.sequence { #expect(parsed?["sequence"]?.int == sequence) }
                    func string(_ range: Range<Int>?) -> String? { range.map { String(decoding: damaged[$0], as: UTF8.self) } }
                    if let run = string(found.runID) { #expect(parsed?["runID"]?.string == run) }
                    if let previous = string(found.previous) { #expect(parsed?["previous"]?.string == previous) }
                }
            }
        }
    }
}
