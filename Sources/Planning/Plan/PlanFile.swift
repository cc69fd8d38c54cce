package import Manifests

/// Why a plan file cannot be used.
package enum PlanFileError: Error, Sendable {
    /// It is no plan, or one of a format that this version does not know.
    case unreadable(Diagnostic)
    /// Its digest does not match its content.
    case altered(Diagnostic)
}

/// A plan as it was read from its file.
package struct PlanFile: Sendable {
    package let plan: Plan
    /// The plan's digest, as the file states it and its content has it: also over what a newer version wrote that this one
    /// does not know.
    package let digest: String

    /// Reads a plan file and checks its digest.
    /// - Throws: `PlanFileError`.
    package static func read(_ bytes: [UInt8], file: String) async throws -> PlanFile {
        let value: Value
        do { value = try JSONParser.parse(bytes, options: .init(refusesDuplicateKeys: true)) } catch {
            throw PlanFileError.unreadable(
                Diagnostic(
                    "this is no plan file, or it is cut short: \(error.message)",
                    at: SourcePosition(file: file, line: error.line, column: error.column),
                    advice: "make the plan again with 'plumb plan --out \(file)'"))
        }
        guard let version = value["formatVersion"]?.string, value["changes"]?.array != nil else {
            throw PlanFileError.unreadable(
                Diagnostic("this is no plan file", at: SourcePosition(file: file), advice: "plumb plan --out FILE writes one"))
        }
        guard version.split(separator: ".").first == Plan.formatVersion.split(separator: ".").first else {
            throw PlanFileError.unreadable(
                Diagnostic(
                    "this plan has format \(version), and this plumb reads \(Plan.formatVersion)", at: SourcePosition(file: file),
                    advice: "make the plan and apply it with the same version of plumb"))
        }
        // Side by side: each looks at all of it. What was altered is told before what cannot be read.
        async let decoded = Result { () throws(Diagnostic) in try PlanDecoder(file: file).plan(value) }
        let digest = try checkedDigest(of: value, file: file)
        switch await decoded {
        case .success(let plan): return PlanFile(plan: plan, digest: digest)
        case .failure(let fault): throw PlanFileError.unreadable(fault)
        }
    }

    private static func checkedDigest(of value: Value, file: String) throws(PlanFileError) -> String {
        var content = value
        content["digest"] = nil
        guard let stated = value["digest"]?.string, stated == Digest.sha256(of: content) else {
            throw .altered(
                Diagnostic(
                    "this plan was altered after it was made: its content does not match its digest",
                    at: SourcePosition(file: file), advice: "make the plan again and have that one approved"))
        }
        return stated
    }
}
