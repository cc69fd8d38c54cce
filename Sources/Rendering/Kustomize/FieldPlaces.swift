import Manifests
import Synchronization

/// Where the fields of a kustomization stand: found out when it is first asked for, as most files are never asked.
final class FieldPlaces: Sendable {
    private let document = Mutex<YAMLDocument?>(nil)

    func position(of pointer: String, in bytes: [UInt8], _ file: String) -> SourcePosition? {
        document.withLock { document in
            if document == nil {
                let options = YAMLLoader.Options(schema: .kubernetes, recordsPositions: true, allowsDuplicateKeys: true)
                document = try? YAMLLoader.load(bytes, file: file, options: options).first
            }
            return document?.position(of: pointer)
        }
    }

    func forget() { document.withLock { $0 = nil } }
}
