internal import Manifests

/// Checks a log's chain line by line, in bounded memory (one short text a run).
package struct AuditVerifier {
    private let sources: [AuditSource]
    private let expected: AuditHead?
    private let allowsMissingStart: Bool
    private var result = AuditVerification()
    private var runs: Set<String> = []
    private var last: ChainLine?
    /// The line that does not name the hash of `last`: the line after it tells which of the two was changed.
    private var suspect: ChainLine?

    /// Checks a log whose files are given in the order of its chain.
    ///
    /// With an `expectedHead` (kept elsewhere, such as in the inventory) a log cut short or written anew is found too;
    /// the chain alone cannot show that. A log that begins after its first record is at fault unless
    /// `allowsMissingStart`. Throws when a file cannot be read.
    package static func verify(
        _ sources: [AuditSource], expectedHead: AuditHead? = nil, allowsMissingStart: Bool = false
    ) throws(AuditError) -> AuditVerification {
        var verifier = AuditVerifier(sources, expectedHead, allowsMissingStart)
        verifier.result.fault = try verifier.firstFault()
        verifier.result.head = verifier.last?.head ?? .none
        verifier.result.runs = verifier.runs.count
        return verifier.result
    }

    private init(_ sources: [AuditSource], _ expected: AuditHead?, _ allowsMissingStart: Bool) {
        self.sources = sources
        self.expected = expected
        self.allowsMissingStart = allowsMissingStart
    }

    private mutating func firstFault() throws(AuditError) -> AuditFault? {
        for (index, source) in sources.enumerated() {
            let reader = try LineReader(source)
            while true {
                let number = reader.lineNumber + 1
                let read = try reader.next { bytes, isWhole in
                    isWhole ? ReadLine(ChainLine(bytes, source: index, line: number)) : .torn
                }
                guard let read else { break }
                if let fault = try check(read, source: index, line: number) { return fault }
            }
        }
        if let suspect { return changed(suspect: suspect, isSuspectGood: suspect.head == expected ? true : nil) }
        return try checkEnd()
    }

    private enum ReadLine {
        case torn, bad
        case good(ChainLine)

        init(_ line: ChainLine?) { self = line.map { .good($0) } ?? .bad }
    }

    private mutating func check(_ read: ReadLine, source: Int, line: Int) throws(AuditError) -> AuditFault? {
        switch read {
        case .torn, .bad:
            // A change before it comes first.
            if let suspect { return changed(suspect: suspect, isSuspectGood: nil) }
            if case .torn = read {
                return fault(.torn, source, line, "the line is torn: it does not end")
            }
            return fault(.notJSON, source, line, "the line is no record in JSON")
        case .good(let found):
            if let suspect { return changed(suspect: suspect, isSuspectGood: found.previous == suspect.hash) }
            if let fault = try compare(found) { return fault }
            if suspect == nil { accept(found) }
            return nil
        }
    }

    private mutating func accept(_ line: ChainLine) {
        if last?.runID != line.runID { runs.insert(line.runID) }
        last = line
        result.records += 1
    }

    /// Compares a line with the one before it.
    private mutating func compare(_ line: ChainLine) throws(AuditError) -> AuditFault? {
        guard let last else { return try compareFirst(line) ?? compareExpected(line) }
        let next = last.sequence + 1
        if line.sequence == next {
            if line.previous == last.hash { return compareExpected(line) }
            suspect = line
            return nil
        }
        if line.previous == last.hash {
            return fault(.changed, line, "the record was changed: its sequence is \(line.sequence), and \(next) is due")
        }
        return line.sequence > next ? try ahead(line, due: next) : try behind(line, due: next)
    }

    private func compareFirst(_ line: ChainLine) throws(AuditError) -> AuditFault? {
        if line.sequence == 1, line.previous != AuditHead.none.hash {
            return fault(.wrongFirstHash, line, "the first record must name 64 zeros as the hash before it")
        }
        return line.sequence > 1 && !allowsMissingStart ? try ahead(line, due: 1) : nil
    }

    private func compareExpected(_ line: ChainLine) -> AuditFault? {
        guard let expected, line.sequence == expected.sequence, line.hash != expected.hash else { return nil }
        return fault(.changed, line, "the record is not the one that was head of the log: it or one before it was written anew")
    }

    private func checkEnd() throws(AuditError) -> AuditFault? {
        guard let expected, let end = sources.indices.last, expected.sequence > last?.sequence ?? 0 else { return nil }
        let records = Self.records((last?.sequence ?? 0) + 1, expected.sequence)
        return fault(.missing, last?.source ?? end, last?.line ?? 1, "the log was cut short: \(records) missing after this line")
    }

    /// One of two lines was changed: `last`, or the one after it that does not name its hash.
    private func changed(suspect: ChainLine, isSuspectGood: Bool?) -> AuditFault {
        let before = last ?? suspect
        return switch isSuspectGood {
        case true?: fault(.changed, before, "the record was changed: the line after it names another hash")
        case false?: fault(.changed, suspect, "the record was changed: it does not name the hash of the line before")
        case nil: fault(.changed, before, "the record was changed, or the line after it, which names another hash")
        }
    }

    /// A line that comes too early: others were moved behind it, or are gone.
    private func ahead(_ line: ChainLine, due: Int) throws(AuditError) -> AuditFault {
        if let other = try find(sequence: due, isAfter: line) {
            return fault(
                .reordered, line, "record \(line.sequence) stands before record \(due), which is at \(place(other))")
        }
        return fault(.missing, line, "\(Self.records(due, line.sequence - 1)) missing before this line")
    }

    /// A line that comes again, or late.
    private func behind(_ line: ChainLine, due: Int) throws(AuditError) -> AuditFault {
        guard let other = try find(sequence: line.sequence, isAfter: nil) else {
            return fault(.reordered, line, "record \(line.sequence) stands where record \(due) is due")
        }
        if other.hash == line.hash {
            return fault(.duplicated, line, "record \(line.sequence) stands here again, first at \(place(other))")
        }
        return fault(
            .changed, line, "the record was changed or put in: its sequence \(line.sequence) is that of \(place(other))")
    }

    /// Reads again from the start for a record, the first with that number, or the first after a line.
    private func find(sequence: Int, isAfter line: ChainLine?) throws(AuditError) -> ChainLine? {
        for index in sources.indices where index >= line?.source ?? 0 {
            let reader = try LineReader(sources[index])
            while true {
                let number = reader.lineNumber + 1
                let isPassed = index == line?.source && number <= line?.line ?? 0
                let read = try reader.next { bytes, _ in
                    isPassed ? nil : ChainLine(bytes, source: index, line: number)
                }
                guard let read else { break }
                if let found = read, found.sequence == sequence { return found }
            }
        }
        return nil
    }

    private static func records(_ first: Int, _ end: Int) -> String {
        first == end ? "record \(first) is" : "records \(first) to \(end) are"
    }

    private func place(_ line: ChainLine) -> String { "\(sources[line.source].name):\(line.line)" }

    private func fault(_ kind: AuditFault.Kind, _ line: ChainLine, _ message: String) -> AuditFault {
        fault(kind, line.source, line.line, message)
    }

    private func fault(_ kind: AuditFault.Kind, _ source: Int, _ line: Int, _ message: String) -> AuditFault {
        AuditFault(kind: kind, file: sources[source].name, line: line, message: message)
    }
}
