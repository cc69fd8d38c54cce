internal import Manifests

/// Keeps the values of Secrets that templates looked up out of plans: only the values of other Secrets may be made of them.
///
/// What depends on a secret value is found by rendering once more with other values in the place of the secret ones: where
/// the two differ, the value has got through, however it was changed on its way. Digests may get through, as charts put them
/// into annotations to restart pods.
struct LookupSecrecy {
    let rendering: LiveRendering
    let answers: [LiveAnswer]
    let output: HelmOutput
    /// The object with its place in the repository.
    let located: (Manifest) -> Manifest

    /// The name of a value's place, and the object that it is in.
    private struct Leak {
        var manifest: Manifest
        var pointer: String
    }

    /// One fault for each object with a value that must not be in a plan.
    func faults() -> [Diagnostic] {
        let secret = answers.filter { !SecretTexts(of: [$0.value]).isEmpty }
        guard !secret.isEmpty else { return [] }
        let texts = SecretTexts(of: secret.map(\.value))
        let objects = Self.objects(output)
        var leaks: [Leak] = []
        if let shadow = rendering.shadow(answers).map(Self.objects), objects.count == shadow.count {
            // A password that is made anew each time differs without being anybody's secret yet.
            let repeated = output.randomness.isEmpty ? nil : rendering.repeated(answers).map(Self.objects)
            let isComparable = repeated?.count == objects.count
            for index in objects.indices {
                let random = isComparable ? Self.differences(objects[index], repeated?[index] ?? objects[index]) : []
                let places = Self.differences(objects[index], shadow[index]).filter { !random.contains($0) }
                let repeated = random.isEmpty ? [] : Self.repetitions(in: objects[index], texts).filter(random.contains)
                leaks += (places + repeated).map { Leak(manifest: objects[index], pointer: $0) }
            }
        } else {
            // Templates that take a value apart, such as a certificate, cannot be shown another one.
            for object in objects { leaks += Self.repetitions(in: object, texts).map { Leak(manifest: object, pointer: $0) } }
        }
        let names = secret.map(\.question.description).joined(separator: ", ")
        var told: Set<String> = []
        return leaks.filter { told.insert($0.manifest.reference.id).inserted }.map { leak in
            Diagnostic(
                "\(leak.pointer) is made of what 'lookup' found in \(names): plans withhold the values of Secrets alone",
                at: located(leak.manifest).source,
                // The object's own name may be made of one.
                object: texts.redacted(leak.manifest.reference.id),
                advice: "let the pod read the Secret (secretKeyRef, a volume), or put what is made of it into a Secret"
            ).redacted(texts)
        }
    }

    private static func objects(_ output: HelmOutput) -> [Manifest] { output.manifests + output.hooks.map(\.manifest) }

    // MARK: Walking

    /// The places where two objects differ in what is not withheld.
    private static func differences(_ left: Manifest, _ right: Manifest) -> [String] {
        var found: [String] = []
        compare(left.value, right.value, "", &found)
        return found.filter { !isWithheld($0, in: left.value) }
    }

    private static func compare(_ left: Value, _ right: Value, _ pointer: String, _ found: inout [String]) {
        switch (left, right) {
        case (.object(let left), .object(let right)) where left.map(\.key) == right.map(\.key):
            for (one, other) in zip(left, right) { compare(one.value, other.value, "\(pointer)/\(JSONPointer.escape(one.key))", &found) }
        case (.array(let left), .array(let right)) where left.count == right.count:
            for (index, (one, other)) in zip(left, right).enumerated() { compare(one, other, "\(pointer)/\(index)", &found) }
        case (.string(let left), .string(let right)):
            if left != right, withoutDigests(left) != withoutDigests(right) { found.append(pointer) }
        default: if left != right { found.append(pointer) }
        }
    }

    private static func repetitions(in manifest: Manifest, _ secrets: SecretTexts) -> [String] {
        var found: [String] = []
        walk(manifest.value, "") { pointer, text in if secrets.isRepeated(in: text) { found.append(pointer) } }
        return found.filter { !isWithheld($0, in: manifest.value) }
    }

    private static func walk(_ value: Value, _ pointer: String, _ visit: (String, String) -> Void) {
        switch value {
        case .object(let object):
            for member in object {
                visit(pointer, member.key)
                walk(member.value, "\(pointer)/\(JSONPointer.escape(member.key))", visit)
            }
        case .array(let items): for (index, item) in items.enumerated() { walk(item, "\(pointer)/\(index)", visit) }
        case .string(let text): visit(pointer, text)
        case .null, .bool, .int, .unsigned, .double: break
        }
    }

    private static func isWithheld(_ pointer: String, in object: Value) -> Bool {
        SecretTexts.isSecret(object) && SecretTexts.fields.contains { pointer.hasPrefix("/\($0)/") }
    }

    /// The fewest hexadecimal digits that count as a digest: SHA-1's. Labels have room for 63 of SHA-256's 64.
    private static let digestLengthMin = 40

    private static func withoutDigests(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var run: [UInt8] = []
        for byte in Array(text.utf8) + [0] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): run.append(byte)
            default:
                if run.count < digestLengthMin { result += run }
                run = []
                result.append(byte)
            }
        }
        return result
    }
}
