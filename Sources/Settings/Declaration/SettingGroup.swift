package import Manifests

/// The keys of a mapping.
package struct SettingGroup<Root: Sendable>: Sendable {
    /// What holds when no key is written.
    package let empty: Root
    package let settings: [Setting<Root>]
    /// A rule over several keys, looked at when each is well-formed by itself.
    private let check: @Sendable (Root, ConfigurationField) throws(Diagnostic) -> Void

    init(
        empty: Root, _ settings: [Setting<Root>],
        check: @escaping @Sendable (Root, ConfigurationField) throws(Diagnostic) -> Void = { _, _ throws(Diagnostic) in }
    ) {
        self.empty = empty
        self.settings = settings
        self.check = check
    }

    /// The keys that may stand in `defaults:`.
    var shareable: SettingGroup { SettingGroup(empty: empty, settings.filter(\.isShareable)) }

    /// Reads a mapping over what was set before; faults are collected, and a faulty key leaves the earlier value.
    func read(_ field: ConfigurationField, over earlier: Root, _ faults: inout [Diagnostic]) -> Root {
        guard let object = field.value.object else {
            faults.append(field.fault("must be a mapping, and this is \(field.value.kindDescription)"))
            return earlier
        }
        let count = faults.count
        var root = earlier
        for member in object {
            guard let setting = settings.first(where: { $0.key == member.key }) else {
                faults.append(field.unknown(member.key, among: settings.map(\.key)))
                continue
            }
            if let value = field.member(member.key) {
                setting.read(value, &root, &faults)
            } else {
                setting.reset(&root, empty)
            }
        }
        for setting in settings where setting.isRequired && field.member(setting.key) == nil {
            faults.append(field.fault("has no \(setting.key)"))
        }
        guard faults.count == count else { return root }
        do throws(Diagnostic) { try check(root, field) } catch { faults.append(error) }
        return root
    }

    /// The mapping as a kind of value: its keys are set over those of the defaults, one by one.
    var kind: SettingKind<Root> {
        SettingKind(schema: schema) { field, earlier, faults in
            let count = faults.count
            let root = read(field, over: earlier ?? empty, &faults)
            return faults.count == count ? root : nil
        }
    }

    /// The mapping's JSON Schema.
    package var schema: Object {
        var properties = Object()
        for setting in settings { properties[setting.key] = .object(setting.schema) }
        var schema: Object = ["type": "object", "additionalProperties": false, "properties": .object(properties)]
        let required = settings.filter(\.isRequired).map { Value.string($0.key) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return schema
    }
}
