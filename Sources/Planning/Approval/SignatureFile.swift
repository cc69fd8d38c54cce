package import Manifests

/// The file beside a plan that holds its approvals, `<plan file>.sig`.
///
/// It is what `ssh-keygen -Y sign -n plumb-plan` writes, once per signer, one block after the other: each block, cut out
/// or made by hand, is a signature that plain `ssh-keygen -Y verify` takes, and `cat` joins what two people made apart.
/// Between the blocks there is nothing but blank lines.
package enum SignatureFile {
    /// What is appended to a plan file's name.
    package static let suffix = ".sig"
    /// What approvals are signed for.
    package static let namespace = "plumb-plan"
    package static let bytesMax = 1 << 20
    /// Each signature costs a few processes to check.
    package static let signaturesMax = 100

    /// - Throws: `Diagnostic` with the line where the file stops being a row of signatures.
    package static func parse(_ bytes: [UInt8], file: String) throws(Diagnostic) -> [SSHSignature] {
        guard bytes.count <= bytesMax else {
            throw Diagnostic("this is no file of signatures: it is larger than \(bytesMax) bytes", at: SourcePosition(file: file))
        }
        var signatures: [SSHSignature] = []
        var opened: Int?
        var text = ""
        var number = 0
        for raw in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let line = trimmed(raw)
            if let start = opened {
                if line == SSHSignature.end {
                    signatures.append(try signature(text, line: start, file: file))
                    opened = nil
                } else {
                    text += line
                }
            } else if line == SSHSignature.begin {
                (opened, text) = (number, "")
            } else if !line.isEmpty {
                throw fault("here is something else than an SSH signature", line: number, file: file)
            }
        }
        if let opened { throw fault("this signature is cut short", line: opened, file: file) }
        guard signatures.count <= signaturesMax else {
            throw Diagnostic("there are more than \(signaturesMax) signatures", at: SourcePosition(file: file))
        }
        return signatures
    }

    /// The bytes of a file of signatures.
    package static func bytes(_ signatures: [SSHSignature]) -> [UInt8] { signatures.flatMap(\.armored) }

    private static func signature(_ text: String, line: Int, file: String) throws(Diagnostic) -> SSHSignature {
        guard let blob = Base64.decode(text), let signature = SSHSignature(blob: blob) else {
            throw fault("this is no SSH signature, or one of a kind that is not known", line: line, file: file)
        }
        return signature
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> String {
        var line = line
        while let last = line.last, last == 0x20 || last == 0x09 || last == 0x0D { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }

    private static func fault(_ message: String, line: Int, file: String) -> Diagnostic {
        Diagnostic(
            message, at: SourcePosition(file: file, line: line),
            advice: "remove the file and have the plan approved again with 'plumb approve'")
    }
}
