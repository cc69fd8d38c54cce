internal import Manifests

extension KubernetesClient {
    /// The aggregated form in both versions; a server that knows neither answers with the old form.
    private static let accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

    /// What the server serves: two requests for servers from Kubernetes 1.26 on, else one for each group and version, all
    /// at a time. A group that is down does not fail this: see `Discovery.failedGroups`.
    package func discover() async throws(APIError) -> Discovery {
        async let core = discoveryAnswer("/api")
        async let groups = discoveryAnswer("/apis")
        let answers = await [core, groups]
        // Hosted control planes may serve no core group, or nothing else.
        if case .failure(let error) = answers[1], !error.isNotFound { throw error }
        if case .failure(let error) = answers[0], !error.isNotFound { throw error }
        if case .failure(let error) = answers[0], case .failure = answers[1] { throw error }
        var discovery = Discovery()
        for answer in answers {
            guard case .success(let value) = answer else { continue }
            try await add(value, to: &discovery)
        }
        return discovery
    }

    private func discoveryAnswer(_ path: String) async -> Result<Value, APIError> {
        var call = APICall(.discovery, path: path)
        call.accept = Self.accept
        do throws(APIError) {
            return .success(try sender.value(of: try await sender.send(call), call: call))
        } catch {
            return .failure(error)
        }
    }

    private func add(_ value: Value, to discovery: inout Discovery) async throws(APIError) {
        switch value["kind"]?.string {
        case "APIGroupDiscoveryList": DiscoveryDocuments.addAggregated(value, to: &discovery)
        case "APIGroupList", "APIVersions":
            for (version, answer) in await legacyAnswers(DiscoveryDocuments.groupVersions(value)) {
                switch answer {
                case .success(let list): DiscoveryDocuments.addResourceList(list, groupVersion: version, to: &discovery)
                case .failure(let error):
                    // A whole discovery without an answer is no discovery.
                    if error.isCancelled { throw error }
                    discovery.failedGroups[version.contains("/") ? version : "/\(version)"] = error.message
                }
            }
        default:
            throw APIError(
                status: 200, message: "the server's answer to discovery is of an unknown kind", verb: APICall.Verb.discovery.rawValue,
                path: "/apis", advice: "is \(server) a Kubernetes API server?")
        }
    }

    /// One request for each group and version, in their order.
    private func legacyAnswers(_ versions: [String]) async -> [(String, Result<Value, APIError>)] {
        await withTaskGroup(of: (Int, Result<Value, APIError>).self) { group in
            for (index, version) in versions.enumerated() {
                group.addTask { (index, await self.discoveryAnswer(version.contains("/") ? "/apis/\(version)" : "/api/\(version)")) }
            }
            var answers: [Result<Value, APIError>?] = Array(repeating: nil, count: versions.count)
            for await (index, answer) in group { answers[index] = answer }
            return zip(versions, answers).compactMap { version, answer in answer.map { (version, $0) } }
        }
    }
}
