package import Manifests

/// What the annotations of an object say of when it is applied.
package enum HookReading: Hashable, Sendable {
    /// It is kept like any other.
    case ordinary
    /// It is never applied: `Skip`, Helm's tests, hooks of moments that plumb does not have (Helm's rollback).
    case skipped
    case hook(moments: [HookMoment], deletePolicies: [Hook.DeletePolicy])

    package static let argoAnnotation = "argocd.argoproj.io/hook"
    package static let argoPolicyAnnotation = "argocd.argoproj.io/hook-delete-policy"
    package static let helmAnnotation = "helm.sh/hook"
    package static let helmPolicyAnnotation = "helm.sh/hook-delete-policy"

    /// Argo CD's annotation wins over Helm's.
    /// - Throws: `Diagnostic` for words that neither tool knows.
    package static func read(_ manifest: Manifest) throws(Diagnostic) -> HookReading {
        let annotations = manifest.value.at("metadata", "annotations")
        if let text = annotations?[argoAnnotation]?.string {
            let known = ["PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete"]
            let words = try words(text, known: known, annotation: argoAnnotation, manifest)
            return hook(
                words.compactMap { ChangePhase(rawValue: $0) }.map { HookMoment(phase: $0, occasion: occasion(of: $0)) },
                policies: try policies(annotations, manifest))
        }
        guard let text = annotations?[helmAnnotation]?.string else { return .ordinary }
        let known = [
            "pre-install", "pre-upgrade", "post-install", "post-upgrade", "pre-delete", "post-delete", "pre-rollback", "post-rollback",
            "test", "test-success", "test-failure", "crd-install",
        ]
        let words = try words(text, known: known, annotation: helmAnnotation, manifest)
        // What Helm 2 made early is an ordinary definition today.
        if words == ["crd-install"] { return .ordinary }
        return hook(words.compactMap(helmMoment), policies: try policies(annotations, manifest))
    }

    private static func occasion(of phase: ChangePhase) -> HookMoment.Occasion {
        phase == .preDelete || phase == .postDelete ? .destruction : .always
    }

    private static func helmMoment(_ word: String) -> HookMoment? {
        switch word {
        case "pre-install": HookMoment(phase: .preSync, occasion: .first)
        case "pre-upgrade": HookMoment(phase: .preSync, occasion: .later)
        case "post-install": HookMoment(phase: .postSync, occasion: .first)
        case "post-upgrade": HookMoment(phase: .postSync, occasion: .later)
        case "pre-delete": HookMoment(phase: .preDelete, occasion: .destruction)
        case "post-delete": HookMoment(phase: .postDelete, occasion: .destruction)
        default: nil
        }
    }

    private static func hook(_ moments: [HookMoment], policies: [Hook.DeletePolicy]) -> HookReading {
        moments.isEmpty ? .skipped : .hook(moments: moments, deletePolicies: policies)
    }

    /// Argo CD's policies, else Helm's; when nothing is said, the one that both take.
    private static func policies(_ annotations: Value?, _ manifest: Manifest) throws(Diagnostic) -> [Hook.DeletePolicy] {
        if let text = annotations?[argoPolicyAnnotation]?.string {
            let known = Hook.DeletePolicy.allCases.map(\.rawValue)
            return standard(
                try words(text, known: known, annotation: argoPolicyAnnotation, manifest).compactMap(Hook.DeletePolicy.init(rawValue:)))
        }
        guard let text = annotations?[helmPolicyAnnotation]?.string else { return [.beforeHookCreation] }
        let names: [String: Hook.DeletePolicy] = [
            "hook-succeeded": .hookSucceeded, "hook-failed": .hookFailed, "before-hook-creation": .beforeHookCreation,
        ]
        let found = try words(text, known: names.keys.sorted(), annotation: helmPolicyAnnotation, manifest)
        return standard(found.compactMap { names[$0] })
    }

    private static func standard(_ policies: [Hook.DeletePolicy]) -> [Hook.DeletePolicy] {
        policies.isEmpty ? [.beforeHookCreation] : policies
    }

    private static func words(
        _ text: String, known: [String], annotation: String, _ manifest: Manifest
    ) throws(Diagnostic) -> [String] {
        var words: [String] = []
        for part in text.split(separator: ",") {
            let word = String(part.filter { !$0.isWhitespace })
            if word.isEmpty || words.contains(word) { continue }
            guard known.contains(word) else {
                throw Diagnostic(
                    "unknown word '\(word)' in the annotation \(annotation)", at: manifest.source, object: manifest.reference.id,
                    advice: NearMatch.candidates(for: word, among: known).first.map { "did you mean '\($0)'?" }
                        ?? "known are \(known.joined(separator: ", "))")
            }
            words.append(word)
        }
        return words
    }
}

/// When a hook runs.
package struct HookMoment: Hashable, Sendable {
    /// At which applies.
    package enum Occasion: Sendable {
        case always
        /// When the commit applied last did not have the hook: Helm's installation.
        case first
        /// When it had: Helm's upgrade.
        case later
        /// When the environment is destroyed, and at no apply.
        case destruction
    }

    package var phase: ChangePhase
    package var occasion: Occasion

    package init(phase: ChangePhase, occasion: Occasion) {
        self.phase = phase
        self.occasion = occasion
    }
}
