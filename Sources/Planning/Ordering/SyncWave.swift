internal import Manifests

/// The wave of Argo CD in which an object is made: its annotation, else the weight of a Helm hook, else 0.
enum SyncWave {
    static let annotation = "argocd.argoproj.io/sync-wave"
    static let weightAnnotation = "helm.sh/hook-weight"

    /// Waves and weights beyond this are mistakes; it also keeps their negatives in range.
    private static let limit = 1_000_000_000

    /// - Throws: `Diagnostic` for what is no whole number.
    static func wave(of manifest: Manifest) throws(Diagnostic) -> Int {
        for key in [annotation, weightAnnotation] {
            guard let text = text(key, of: manifest.value) else { continue }
            guard let wave = number(text) else {
                throw Diagnostic(
                    "'\(text)' in the annotation \(key) is no whole number", at: manifest.source, object: manifest.reference.id,
                    advice: "write it as \"-1\", \"0\" or \"5\"")
            }
            return wave
        }
        return 0
    }

    /// The wave of a live object; what cannot be read counts as 0, so that nothing in the target keeps it from being deleted.
    static func wave(ofLive live: Value) -> Int {
        for key in [annotation, weightAnnotation] {
            if let text = text(key, of: live) { return number(text) ?? 0 }
        }
        return 0
    }

    private static func text(_ key: String, of object: Value) -> String? {
        // A weight means something on Helm's hooks alone.
        if key == weightAnnotation, object.at("metadata", "annotations", "helm.sh/hook") == nil { return nil }
        return object.at("metadata", "annotations", key)?.string
    }

    private static func number(_ text: String) -> Int? {
        let trimmed = text.utf8.drop { $0 == UInt8(ascii: " ") }
        guard let number = Int(Substring(trimmed)), abs(number) <= limit else { return nil }
        return number
    }
}
