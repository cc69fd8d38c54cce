/// What the functions of one rendering share.
final class HelmHost {
    /// A function without a fixed result, and the template that called it.
    struct Randomness: Hashable {
        var function: String
        var template: String
    }

    var expressions: [String: GoRegex] = [:]
    var constraints: [String: VersionConstraint] = [:]
    /// How often each template is being included at this moment.
    var includes: [String: Int] = [:]
    /// What `tpl` has parsed so far, by its text.
    var parsedTexts: [String: [Template]] = [:]
    var randomness: [Randomness] = []
    /// The file that is being rendered.
    var file = ""
    /// What `lookup` is answered from: group and version, kind, namespace, name. `nil` finds nothing.
    let lookup: ((String, String, String, String) throws -> GoValue)?

    init(lookup: ((String, String, String, String) throws -> GoValue)? = nil) { self.lookup = lookup }
}

extension Evaluator {
    /// Notes that a function without a fixed result was called.
    func noteRandomness(_ function: String) {
        // Most of them make keys, which takes long.
        meter.spendMuch()
        guard let host = host as? HelmHost else { return }
        let call = HelmHost.Randomness(function: function, template: host.file)
        if !host.randomness.contains(call) { host.randomness.append(call) }
    }
}
