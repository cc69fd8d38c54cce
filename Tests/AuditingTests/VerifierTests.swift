import Auditing
import Foundation
import Manifests
import Testing

/// One way to tamper with a log of ten records, and what must be said about it.
struct Tampering: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: AuditFault.Kind
    let line: Int
    let message: String
    let change: @Sendable (inout [[UInt8]]) -> Void

    var testDescription: String { name }

    init(
        _ name: String, _ kind: AuditFault.Kind, line: Int, _ message: String,
        _ change: @escaping @Sendable (inout [[UInt8]]) -> Void
    ) {
        self.name = name
        self.kind = kind
        self.line = line
        self.message = message
        self.change = change
    }

    /// Replaces text in the line with that index, from 0.
    static func replace(_ index: Int, _ old: String, _ new: String) -> @Sendable (inout [[UInt8]]) -> Void {
        { lines in
            let text = String(decoding: lines[index], as: UTF8.self)
            lines[index] = Array(text.replacingOccurrences(of: old, with: new).utf8)
        }
    }

    static let zeros = String(repeating: "0", count: 64)

    static let all: [Tampering] = [
        .init(
            "a value changed", .changed, line: 5, "the record was changed: the line after it names another hash",
            replace(4, "succeeded", "failed")),
        .init(
            "the first record changed", .changed, line: 1, "the record was changed: the line after it names another hash",
            replace(0, "succeeded", "failed")),
        .init(
            "the last record but one changed", .changed, line: 9,
            "the record was changed, or the line after it, which names another hash", replace(8, "succeeded", "failed")),
        .init(
            "white space put in", .changed, line: 4, "the record was changed: the line after it names another hash",
            replace(3, #""sequence":4"#, #""sequence": 4"#)),
        .init(
            "a carriage return put in", .changed, line: 4, "the record was changed: the line after it names another hash",
            { $0[3].append(0x0D) }),
        .init(
            "the previous hash changed", .changed, line: 5,
            "the record was changed: it does not name the hash of the line before", replace(4, #""previous":""#, #""previous":"0"#)),
        .init(
            "the sequence changed", .changed, line: 5, "the record was changed: its sequence is 50, and 5 is due",
            replace(4, #""sequence":5"#, #""sequence":50"#)),
        .init(
            "a record put in, as a copy with other content", .changed, line: 6,
            "the record was changed or put in: its sequence 5 is that of log:5",
            { $0.insert(Array(String(decoding: $0[4], as: UTF8.self).replacingOccurrences(of: "web", with: "db").utf8), at: 5) }),
        .init("a record taken away", .missing, line: 5, "record 5 is missing before this line", { $0.remove(at: 4) }),
        .init(
            "records taken away", .missing, line: 5, "records 5 to 7 are missing before this line", { $0.removeSubrange(4..<7) }),
        .init("the first record taken away", .missing, line: 1, "record 1 is missing before this line", { $0.remove(at: 0) }),
        .init(
            "records swapped", .reordered, line: 5, "record 6 stands before record 5, which is at log:6", { $0.swapAt(4, 5) }),
        .init(
            "a record moved to the end", .reordered, line: 3, "record 4 stands before record 3, which is at log:10",
            { $0.append($0.remove(at: 2)) }),
        .init(
            "the last record moved to the front", .reordered, line: 1, "record 10 stands before record 1, which is at log:2",
            { $0.insert($0.removeLast(), at: 0) }),
        .init(
            "a record doubled", .duplicated, line: 6, "record 5 stands here again, first at log:5", { $0.insert($0[4], at: 5) }),
        .init(
            "a record repeated later", .duplicated, line: 9, "record 2 stands here again, first at log:2",
            { $0.insert($0[1], at: 8) }),
        .init(
            "another first hash", .wrongFirstHash, line: 1, "the first record must name 64 zeros as the hash before it",
            replace(0, zeros, "1" + zeros.dropFirst())),
        .init("no JSON", .notJSON, line: 7, "the line is no record in JSON", { $0[6] = Array("gone".utf8) }),
        .init("an empty line", .notJSON, line: 7, "the line is no record in JSON", { $0.insert([], at: 6) }),
        .init("JSON of something else", .notJSON, line: 7, "the line is no record in JSON", { $0[6] = Array(#"{"a":1}"#.utf8) }),
        .init(
            "a line cut in the middle", .notJSON, line: 7, "the line is no record in JSON", { $0[6].removeLast(30) }),
        .init(
            "no JSON after a change", .changed, line: 5, "the record was changed, or the line after it, which names another hash",
            {
                replace(4, "succeeded", "failed")(&$0); $0[6] = Array("gone".utf8)
            }),
    ]
}

@Suite struct VerifierTests {
    private func check(_ bytes: [UInt8], head: AuditHead? = nil) throws -> AuditVerification {
        try AuditVerifier.verify([.bytes(bytes, name: "log")], expectedHead: head)
    }

    @Test(arguments: Tampering.all) func namesTheFirstBadLine(_ tampering: Tampering) async throws {
        var records = lines(try await sampleLog(10))
        tampering.change(&records)
        let verification = try check(joined(records))
        let fault = try #require(verification.fault)
        #expect(fault.kind == tampering.kind)
        #expect(fault.line == tampering.line)
        #expect(fault.message == tampering.message)
        #expect(!verification.isIntact)
        #expect(fault.diagnostic.description.hasPrefix("log:\(tampering.line): "))
    }

    @Test func findsAChangeOfAnyByte() async throws {
        let whole = try await sampleLog(3)
        let intact = try check(whole)
        for index in whole.indices {
            var changed = whole
            changed[index] ^= 1
            #expect(try check(changed, head: intact.head).fault != nil, "byte \(index)")
        }
    }

    @Test func findsALogCutShortByItsHead() async throws {
        let whole = try await sampleLog(10)
        let head = try check(whole).head
        #expect(try check(whole, head: head).fault == nil)
        let short = joined(Array(lines(whole).dropLast(3)))
        #expect(try check(short).fault == nil)
        let fault = try #require(try check(short, head: head).fault)
        #expect(fault.kind == .missing)
        #expect(fault.line == 7)
        #expect(fault.message == "the log was cut short: records 8 to 10 are missing after this line")
        #expect(try check([], head: head).fault?.message == "the log was cut short: records 1 to 10 are missing after this line")
        // A head that the log went on from is fine.
        let middle = try check(short).head
        #expect(try check(whole, head: middle).fault == nil)
    }

    @Test func findsALogWrittenAnewByItsHead() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        for _ in 0..<10 { try await log.append(.changeFinished, runID: "forged", environment: "production") }
        log.close()
        let head = try check(try await sampleLog(10)).head
        let fault = try #require(try AuditVerifier.verify([.file(folder.log)], expectedHead: head).fault)
        #expect(fault.kind == .changed)
        #expect(fault.line == 10)
    }

    @Test func headTellsWhichOfTheLastTwoWasChanged() async throws {
        var records = lines(try await sampleLog(10))
        let head = try check(joined(records)).head
        Tampering.replace(8, "succeeded", "failed")(&records)
        #expect(try check(joined(records), head: head).fault?.message == "the record was changed: the line after it names another hash")
    }

    @Test func namesATornLine() async throws {
        let whole = try await sampleLog(4)
        let fault = try #require(try check(Array(whole.dropLast(5))).fault)
        #expect(fault.kind == .torn)
        #expect(fault.line == 4)
    }

    @Test func acceptsAnEmptyLog() throws {
        let verification = try check([])
        #expect(verification.fault == nil)
        #expect(verification.records == 0)
        #expect(verification.head == .none)
    }

    @Test func acceptsTypesOfLaterVersions() async throws {
        let line = #"{"environment":"e","previous":"\#(Tampering.zeros)","runID":"r","sequence":1,"time":"x","type":"later"}"#
        #expect(try check(Array((line + "\n").utf8)).fault == nil)
    }

    @Test func refusesWhatCannotBeRead() throws {
        let error = #expect(throws: AuditError.self) { try AuditVerifier.verify([.file("/nonexistent/log")]) }
        #expect(error?.message == "cannot open the audit log: no such file or directory")
        #expect(throws: AuditError.self) { try AuditVerifier.verify([.file("/dev/zero")]) }
        #expect(throws: AuditError.self) { try AuditVerifier.verify([.file("/tmp")]) }
    }

    @Test func survivesAnyBytes() async throws {
        var generator = SystemRandomNumberGenerator()
        let whole = try await sampleLog(4)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try check(bytes)
            _ = try AuditHistory.read([.bytes(bytes, name: "log")])
        }
        let huge = #"{"previous":"","runID":"r","sequence":9223372036854775807}"# + "\n"
        _ = try check(Array((huge + huge).utf8))
    }
}
