internal import Applying
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Rendering

/// Answers what templates look up from a target, each question once: the objects of one plan are made of one answer.
actor TargetLookup: LiveObjects {
    private let target: TargetSession
    private var answers: [LiveQuestion: Task<Value, any Error>] = [:]

    private static let requestsMax = 8

    init(_ target: TargetSession) { self.target = target }

    func answer(_ question: LiveQuestion) async throws -> Value {
        if let known = answers[question] { return try await known.value }
        let target = target
        let task = Task { try await Self.ask(question, target) }
        answers[question] = task
        return try await task.value
    }

    /// As Helm answers: what is not there is an empty mapping, and so is a kind that its group does not have.
    private static func ask(_ question: LiveQuestion, _ target: TargetSession) async throws -> Value {
        let kind = GroupVersionKind(apiVersion: question.apiVersion, kind: question.kind)
        guard let resource = target.discovery.resource(for: kind) else {
            guard target.discovery.resources.contains(where: { $0.apiVersion == question.apiVersion }) else {
                throw Diagnostic(
                    "lookup of \(question): the target serves no \(question.apiVersion)",
                    advice: target.discovery.failure(ofGroup: kind.group).map { "the group does not answer: \($0)" })
            }
            return .object(Object())
        }
        do {
            let namespace = resource.isNamespaced ? question.namespace : ""
            if !question.name.isEmpty {
                return try await target.client.get(resource, namespace: namespace, name: question.name) ?? .object(Object())
            }
            let list = try await target.client.list(resource, namespace: namespace.isEmpty ? nil : namespace)
            return [
                "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind + "List"),
                "metadata": ["resourceVersion": .string(list.resourceVersion)], "items": .array(list.items),
            ]
        } catch {
            if error.isNotFound { return .object(Object()) }
            throw error.diagnostic(object: nil, doing: "looking up \(question)")
        }
    }

    // MARK: Plans

    /// Checks that a plan's questions still have the answers that it was made of.
    /// - Throws: `ApplyRefusal` with one diagnostic for each that has another.
    func check(_ lookups: [PlanLookup]) async throws {
        let changed = try await BoundedTasks.map(lookups, limit: Self.requestsMax) { lookup in
            let answer = try await self.answer(
                LiveQuestion(apiVersion: lookup.apiVersion, kind: lookup.kind, namespace: lookup.namespace, name: lookup.name))
            return PlanLookup.digest(of: answer) == lookup.digest ? nil : lookup
        }.compactMap { $0 }
        guard changed.isEmpty else {
            throw ApplyRefusal.stale(
                changed.map {
                    Diagnostic(
                        "the charts' templates look it up, and it changed since the plan was made", object: "\($0)",
                        advice: "make the plan again")
                })
        }
    }
}

extension PlanLookup {
    init(_ answer: LiveAnswer) {
        let question = answer.question
        self.init(
            apiVersion: question.apiVersion, kind: question.kind, namespace: question.namespace, name: question.name,
            digest: Self.digest(of: answer.value))
    }

    /// What a plan says about what its templates looked up; `nil` when they looked up nothing.
    static func warning(_ lookups: [PlanLookup]) -> Diagnostic? {
        if lookups.isEmpty { return nil }
        let names =
            lookups.prefix(5).map(\.description).joined(separator: ", ") + (lookups.count > 5 ? " and \(lookups.count - 5) more" : "")
        return Diagnostic("the charts' templates look up live objects, and the plan holds as long as these do not change: \(names)")
    }
}
