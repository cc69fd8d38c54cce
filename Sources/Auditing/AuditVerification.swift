package import Manifests

/// What is wrong with a log, at the first line that is bad.
package struct AuditFault: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case changed, missing, reordered, duplicated, torn
        case notJSON = "not-json"
        case wrongFirstHash = "wrong-first-hash"
    }

    package var kind: Kind
    package var file: String
    /// Counted from 1 in its file.
    package var line: Int
    package var message: String

    package var diagnostic: Diagnostic {
        Diagnostic("\(file):\(line): \(message)", advice: advice)
    }

    private var advice: String? {
        switch kind {
        case .torn: "the next run sets it aside; no record that was confirmed is in it"
        case .missing: "rotated files belong to the log: keep <log>.1, <log>.2 … beside it"
        case .changed, .reordered, .duplicated, .notJSON, .wrongFirstHash: nil
        }
    }
}

/// The outcome of checking a log's chain.
package struct AuditVerification: Hashable, Sendable {
    /// How many records were checked, up to the fault if there is one.
    package var records = 0
    /// How many runs they belong to.
    package var runs = 0
    /// The last good record: what may be compared with the head kept in the inventory.
    package var head = AuditHead.none
    package var fault: AuditFault?

    package var isIntact: Bool { fault == nil }

    package var value: Value {
        var object: Object = [
            "head": ["hash": .string(head.hash), "sequence": .int(Int64(head.sequence))],
            "intact": .bool(isIntact), "records": .int(Int64(records)), "runs": .int(Int64(runs)),
        ]
        if let fault {
            object["fault"] = [
                "file": .string(fault.file), "kind": .string(fault.kind.rawValue), "line": .int(Int64(fault.line)),
                "message": .string(fault.message),
            ]
        }
        return .object(object)
    }
}
