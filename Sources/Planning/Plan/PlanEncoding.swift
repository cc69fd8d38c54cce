internal import KubernetesAPI
internal import Manifests

/// A plan as JSON values, by the contract's names.
extension Plan {
    /// The version of the file's format. A reader takes any file of its own first number: minor versions only add.
    package static let formatVersion = "1.0"

    /// `sha256:…` over the canonical form of everything but the digest itself; made anew each time.
    package var digest: String { PlanFileWriter.digest(of: self) }

    /// The bytes of the plan file: sorted keys, indented, one trailing newline.
    package var fileBytes: [UInt8] { PlanFileWriter.bytes(of: self) }

    /// `fileBytes`, made by all processors: of thousands of changes they take a while.
    package func fileBytesSideBySide() async throws -> [UInt8] { try await PlanFileWriter.bytesSideBySide(of: self) }

    /// All but the changes and the digest.
    var encodedFrame: Object {
        var summary = Object()
        for action in ChangeAction.allCases { summary[action.rawValue] = .int(Int64(count(action))) }
        if hookCount > 0 { summary["hooks"] = .int(Int64(hookCount)) }
        var encoded: Object = [
            "formatVersion": .string(Self.formatVersion),
            "plumbVersion": .string(plumbVersion),
            "runID": .string(runID),
            "createdAt": .string(createdAt),
            "environment": .string(environment),
            "source": source.encoded,
            "target": [
                "server": .string(target.server), "clusterUID": .string(target.clusterUID),
                "serverVersion": .string(target.serverVersion),
            ],
            "inventory": [
                "namespace": .string(inventory.namespace), "name": .string(inventory.name),
                "resourceVersion": .string(inventory.resourceVersion), "commit": .string(inventory.commit),
            ],
            "isRollback": .bool(isRollback),
            "undoes": .array(undoes.map(\.encoded)),
            "dangers": .array(dangers.map(Value.string)),
            "statistics": statistics.encoded,
            "summary": .object(summary),
            "warnings": .array(warnings.map(Value.string)),
            "settings": settings.encoded,
        ]
        if !lookups.isEmpty { encoded["lookups"] = .array(lookups.map(\.encoded)) }
        return encoded
    }
}

extension PlanSource {
    var encoded: Value {
        var object: Object = [
            "repository": .string(repository), "ref": .string(ref), "commit": .string(commit),
            "path": .string(path), "author": .string(author), "committedAt": .string(committedAt),
        ]
        if let identity { object["identity"] = identity.encoded }
        if let configuration {
            object["configuration"] = ["repository": .string(configuration.repository), "commit": .string(configuration.commit)]
        }
        return .object(object)
    }
}

extension PlanSettings {
    var encoded: Value {
        var object: Object = ["inventoryCount": .int(Int64(inventoryCount))]
        if let maxDeletes { object["maxDeletes"] = .string(maxDeletes) }
        if isDestruction { object["isDestruction"] = true }
        if allowsRemoteBases { object["allowsRemoteBases"] = true }
        if isFromCommitAlone { object["isFromCommitAlone"] = true }
        if let approvals { object["approvals"] = approvals.encoded }
        if let context { object["context"] = .string(context) }
        if let defaultNamespace { object["defaultNamespace"] = .string(defaultNamespace) }
        if let inventoryFile { object["inventoryFile"] = .string(inventoryFile) }
        if let timeoutSeconds { object["timeoutSeconds"] = .int(Int64(timeoutSeconds)) }
        if health != HealthRules() { object["health"] = health.encoded }
        return .object(object)
    }
}

extension Change {
    var encoded: Value {
        var object: Object = [
            "id": .string(id),
            "object": [
                "apiVersion": .string(apiVersion), "kind": .string(reference.kind),
                "namespace": .string(reference.namespace), "name": .string(reference.name),
            ],
            "action": .string(action.rawValue),
            "causes": .array(causes.map { .string($0.rawValue) }),
            "dependsOn": .array(dependsOn.map(Value.string)),
            "precondition": precondition.encoded,
            "diff": .array(differences.map(\.encoded)),
            "sensitive": .array(sensitive.map(Value.string)),
        ]
        if let desired { object["desired"] = desired }
        if let sourcePlace { object["source"] = .object(sourcePlace) }
        if case .deferred(let reason, let schema) = validation {
            var deferral: Object = ["deferred": .string(reason)]
            if let schema { deferral["schema"] = .string(schema) }
            object["validation"] = .object(deferral)
        }
        if let replacement {
            object["replacement"] = [
                "reason": .string(replacement.reason), "fields": .array(replacement.fields.map(Value.string)),
            ]
        }
        if let takeover {
            object["takeover"] = ["from": .string(takeover.owner), "managers": .array(takeover.managers.map(Value.string))]
        }
        if place.phase != .standard(for: action) { object["phase"] = .string(place.phase.rawValue) }
        if place.wave != 0 { object["wave"] = .int(Int64(place.wave)) }
        if let hook { object["hook"] = hook.encoded }
        if !seen.isEmpty { object["seen"] = seen.encoded }
        if !left.isEmpty { object["left"] = .array(left.map(Value.string)) }
        let dangers = ChangeDanger.dangers(of: self)
        if !dangers.isEmpty { object["dangers"] = .array(dangers.map(Value.string)) }
        return .object(object)
    }

    /// File, line and the commit that changed it last, as far as they are known.
    private var sourcePlace: Object? {
        guard source != nil || lastChange != nil else { return nil }
        var place = Object()
        if let source {
            place["file"] = .string(source.file)
            place["line"] = .int(Int64(source.line))
        }
        if let chart {
            place["chart"] = .string(chart.chart)
            place["release"] = .string(chart.release)
            place["template"] = .string(chart.template)
            place["values"] = .array(chart.values.map(Value.string))
        }
        for member in lastChange?.encoded.object ?? Object() { place[member.key] = member.value }
        return place
    }
}

extension Hook {
    var encoded: Value {
        var object: Object = ["deletePolicies": .array(deletePolicies.map { .string($0.rawValue) })]
        if isRepeated { object["isRepeated"] = true }
        return .object(object)
    }

    init?(_ value: Value?) {
        guard let value, value.object != nil else { return nil }
        self.init(
            deletePolicies: (value["deletePolicies"]?.array ?? []).compactMap { $0.string.flatMap(DeletePolicy.init(rawValue:)) },
            isRepeated: value["isRepeated"]?.bool ?? false)
    }
}

extension Precondition {
    var encoded: Value {
        switch self {
        case .absent: ["exists": false]
        case .present(let uid, let resourceVersion, let digest):
            [
                "exists": true, "uid": .string(uid), "resourceVersion": .string(resourceVersion), "digest": .string(digest),
            ]
        }
    }
}

extension SeenState {
    var encoded: Value {
        var object = Object()
        if !resourceVersion.isEmpty { object["resourceVersion"] = .string(resourceVersion) }
        if let generation {
            object["generation"] = .int(generation.number)
            object["metadata"] = generation.metadata.encoded
        }
        return .object(object)
    }

    init(decoding value: Value?) {
        self.init(resourceVersion: value?["resourceVersion"]?.string ?? "")
        if let number = value?["generation"]?.int, let metadata = AppliedMetadata(decoding: value?["metadata"]) {
            generation = Generation(number, metadata)
        }
    }
}

extension FieldDifference {
    var encoded: Value {
        var object: Object = ["path": .string(path), "cause": .string(cause.rawValue)]
        // A missing key says that the field is not there; null says that it is null.
        if let before { object["before"] = before }
        if let after { object["after"] = after }
        if let writer {
            object["manager"] = .string(writer.manager)
            object["operation"] = .string(writer.operation)
            if !writer.subresource.isEmpty { object["subresource"] = .string(writer.subresource) }
            if !writer.time.isEmpty { object["time"] = .string(writer.time) }
        }
        if forcesReplacement { object["forcesReplacement"] = true }
        if let field { object["field"] = .string(field) }
        return .object(object)
    }
}

extension LastChange {
    var encoded: Value {
        [
            "commit": .string(commit), "committedAt": .string(committedAt), "author": .string(author), "summary": .string(summary),
        ]
    }
}

extension PlanStatistics {
    var encoded: Value {
        [
            "dryRun": .int(Int64(dryRun)), "get": .int(Int64(get)), "list": .int(Int64(list)),
        ]
    }
}
