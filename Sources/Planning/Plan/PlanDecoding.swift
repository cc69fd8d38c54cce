internal import KubernetesAPI
internal import Manifests

/// Takes a plan's JSON apart. Keys that it does not know are left alone: a newer minor version may add some.
struct PlanDecoder {
    let file: String

    func plan(_ value: Value) throws(Diagnostic) -> Plan {
        let source = try member("source", of: value)
        let target = try member("target", of: value)
        let inventory = try member("inventory", of: value)
        var changes: [Change] = []
        for change in value["changes"]?.array ?? [] { changes.append(try self.change(change)) }
        var planSource = PlanSource(
            repository: try text("repository", of: source), ref: try text("ref", of: source),
            commit: try text("commit", of: source), path: try text("path", of: source),
            author: try text("author", of: source), committedAt: try text("committedAt", of: source))
        planSource.identity = source["identity"].flatMap(RepositoryIdentity.init(decoding:))
        if let configuration = source["configuration"] {
            planSource.configuration = PlanConfigurationSource(
                repository: try text("repository", of: configuration), commit: try text("commit", of: configuration))
        }
        var plan = Plan(
            plumbVersion: try text("plumbVersion", of: value), runID: try text("runID", of: value),
            createdAt: try text("createdAt", of: value), environment: try text("environment", of: value),
            source: planSource,
            target: PlanTarget(
                server: try text("server", of: target), clusterUID: try text("clusterUID", of: target),
                serverVersion: try text("serverVersion", of: target)),
            inventory: PlanInventory(
                namespace: try text("namespace", of: inventory), name: try text("name", of: inventory),
                resourceVersion: try text("resourceVersion", of: inventory), commit: try text("commit", of: inventory)),
            isRollback: value["isRollback"]?.bool ?? false, changes: changes, warnings: strings(value["warnings"]),
            settings: settings(value["settings"] ?? .null))
        plan.undoes = (value["undoes"]?.array ?? []).map(lastChange)
        for lookup in value["lookups"]?.array ?? [] {
            plan.lookups.append(
                PlanLookup(
                    apiVersion: try text("apiVersion", of: lookup), kind: try text("kind", of: lookup),
                    namespace: try text("namespace", of: lookup), name: try text("name", of: lookup), digest: try text("digest", of: lookup)
                ))
        }
        let counts = value["statistics"] ?? .null
        plan.statistics = PlanStatistics(
            get: count("get", of: counts), list: count("list", of: counts),
            dryRun: count("dryRun", of: counts))
        return plan
    }

    private func count(_ key: String, of value: Value) -> Int { Int(clamping: value[key]?.int ?? 0) }

    private func lastChange(_ value: Value) -> LastChange {
        LastChange(
            commit: value["commit"]?.string ?? "", committedAt: value["committedAt"]?.string ?? "", author: value["author"]?.string ?? "",
            summary: value["summary"]?.string ?? "")
    }

    private func settings(_ value: Value) -> PlanSettings {
        var settings = PlanSettings(
            maxDeletes: value["maxDeletes"]?.string, timeoutSeconds: value["timeoutSeconds"]?.int.map { Int(clamping: $0) },
            inventoryCount: Int(clamping: value["inventoryCount"]?.int ?? 0), context: value["context"]?.string,
            inventoryFile: value["inventoryFile"]?.string, defaultNamespace: value["defaultNamespace"]?.string)
        settings.isDestruction = value["isDestruction"]?.bool ?? false
        settings.allowsRemoteBases = value["allowsRemoteBases"]?.bool ?? false
        settings.isFromCommitAlone = value["isFromCommitAlone"]?.bool ?? false
        settings.approvals = PlanApprovals(value["approvals"])
        settings.health = HealthRules(decoding: value["health"]) ?? HealthRules()
        return settings
    }

    private func change(_ value: Value) throws(Diagnostic) -> Change {
        let object = try member("object", of: value)
        let apiVersion = try text("apiVersion", of: object)
        let kind = GroupVersionKind(apiVersion: apiVersion, kind: try text("kind", of: object))
        guard let action = ChangeAction(rawValue: try text("action", of: value)) else { throw fault("an unknown action") }
        var causes: [ChangeCause] = []
        for cause in strings(value["causes"]) {
            guard let known = ChangeCause(rawValue: cause) else { throw fault("an unknown cause") }
            causes.append(known)
        }
        var differences: [FieldDifference] = []
        for difference in value["diff"]?.array ?? [] { differences.append(try self.difference(difference)) }
        let source = value["source"].flatMap { source in
            source["file"]?.string.map { SourcePosition(file: $0, line: Int(clamping: source["line"]?.int ?? 0)) }
        }
        let chart = value.at("source", "chart")?.string.map { chart in
            ChartOrigin(
                chart: chart, release: value.at("source", "release")?.string ?? "", template: value.at("source", "template")?.string ?? "",
                values: strings(value.at("source", "values")))
        }
        let deferred = value.at("validation", "deferred")?.string
        var change = Change(
            apiVersion: apiVersion,
            reference: ObjectReference(
                group: kind.group, kind: kind.kind, namespace: try text("namespace", of: object),
                name: try text("name", of: object)),
            action: action, causes: causes, dependsOn: strings(value["dependsOn"]),
            precondition: try precondition(try member("precondition", of: value)), desired: value["desired"],
            differences: differences, source: source, chart: chart, sensitive: strings(value["sensitive"]),
            validation: deferred.map { .deferred(reason: $0, schema: value.at("validation", "schema")?.string) } ?? .server)
        change.place = try place(value, action: action)
        change.hook = Hook(value["hook"])
        change.replacement = value["replacement"].map { Replacement(reason: $0["reason"]?.string ?? "", fields: strings($0["fields"])) }
        change.takeover = value["takeover"].map { Takeover(owner: $0["from"]?.string ?? "", managers: strings($0["managers"])) }
        change.left = strings(value["left"])
        change.seen = SeenState(decoding: value["seen"])
        if let source = value["source"], source["commit"] != nil { change.lastChange = lastChange(source) }
        return change
    }

    private func place(_ value: Value, action: ChangeAction) throws(Diagnostic) -> ChangePlace {
        var place = ChangePlace(phase: .standard(for: action), wave: Int(clamping: value["wave"]?.int ?? 0))
        if let text = value["phase"]?.string {
            guard let phase = ChangePhase(rawValue: text) else { throw fault("an unknown phase") }
            place.phase = phase
        }
        return place
    }

    private func precondition(_ value: Value) throws(Diagnostic) -> Precondition {
        guard value["exists"]?.bool == true else { return .absent }
        return .present(
            uid: try text("uid", of: value), resourceVersion: try text("resourceVersion", of: value),
            digest: try text("digest", of: value))
    }

    private func difference(_ value: Value) throws(Diagnostic) -> FieldDifference {
        guard let cause = ChangeCause(rawValue: try text("cause", of: value)) else { throw fault("an unknown cause") }
        let writer = value["manager"]?.string.map { manager in
            FieldWriter(
                manager: manager, operation: value["operation"]?.string ?? "", subresource: value["subresource"]?.string ?? "",
                time: value["time"]?.string ?? "")
        }
        var difference = FieldDifference(
            path: try text("path", of: value), before: value["before"], after: value["after"], cause: cause, writer: writer,
            field: value["field"]?.string)
        difference.forcesReplacement = value["forcesReplacement"]?.bool ?? false
        return difference
    }

    private func member(_ key: String, of value: Value) throws(Diagnostic) -> Value {
        guard let member = value[key], member.object != nil else { throw fault("'\(key)' is missing") }
        return member
    }

    private func text(_ key: String, of value: Value) throws(Diagnostic) -> String {
        guard let text = value[key]?.string else { throw fault("'\(key)' is missing") }
        return text
    }

    private func strings(_ value: Value?) -> [String] { value?.array?.compactMap(\.string) ?? [] }

    private func fault(_ message: String) -> Diagnostic {
        Diagnostic("this is no plan that plumb made: \(message)", at: SourcePosition(file: file))
    }
}
