internal import HTTP
package import Manifests

/// A list in progress: asked for page by page, its objects handed over one by one.
///
/// When the server has forgotten the state that the first page was taken from (410), the list starts over, in one piece, as
/// client-go does: pages of two states would not fit together.
package struct ListPages: Sendable {
    /// One page, without its objects.
    package struct Page: Sendable {
        /// Whether the list begins with it, for the first time or over again.
        package var isFirst: Bool
        /// Whether the list ends with it.
        package var isLast: Bool
        /// How many objects follow, as far as the server says.
        package var remaining: Int
        /// The list's.
        package var resourceVersion: String
    }

    /// At 500 objects a page, far more than a server holds. Ends a list that never does.
    private static let pagesMax = 100_000

    private let sender: RequestSender
    private let resource: APIResource
    private let namespace: String?
    private var options: ListOptions
    private var token: String?
    /// The first page's answer, where it was asked for ahead.
    private var first: Task<Result<HTTPResponse, APIError>, Never>?
    private var isAtEnd = false
    private var count = 0

    init(_ sender: RequestSender, _ resource: APIResource, namespace: String?, options: ListOptions) {
        self.sender = sender
        self.resource = resource
        self.namespace = namespace
        self.options = options
    }

    /// Asks for the first page now, whenever it is wanted. Whoever does not want it any more cancels it.
    package mutating func askAhead() {
        let call = call
        first = Task { [sender] in
            do throws(APIError) { return .success(try await sender.send(call)) } catch { return .failure(error) }
        }
    }

    package func cancel() { first?.cancel() }

    /// Asks for the next page.
    /// - Parameter item: is given each object as it is read, with its type, which lists leave out.
    /// - Returns: `nil` after the last one.
    package mutating func next(_ item: (Value) -> Void) async throws(APIError) -> Page? {
        guard !isAtEnd, count < Self.pagesMax else { return nil }
        count += 1
        let isFirst: Bool
        let answer: Value
        do throws(APIError) {
            (isFirst, answer) = (token == nil, try await ask(item))
        } catch {
            guard error.isExpired, options.pageSize > 0 else { throw error }
            options.pageSize = 0
            token = nil
            (isFirst, answer) = (true, try await ask(item))
        }
        let metadata = answer["metadata"]
        token = metadata?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        isAtEnd = token == nil
        return Page(
            isFirst: isFirst, isLast: isAtEnd, remaining: Int(clamping: metadata?["remainingItemCount"]?.int ?? 0),
            resourceVersion: metadata?["resourceVersion"]?.string ?? "")
    }

    private mutating func ask(_ item: (Value) -> Void) async throws(APIError) -> Value {
        let call = call
        let response: HTTPResponse
        if let first {
            self.first = nil
            response = try await first.value.get()
        } else {
            response = try await sender.send(call)
        }
        let isForVersions = options.form == .versions
        return try sender.value(of: response, call: call, skipsManagedFields: options.skipsManagedFields || isForVersions) {
            // Whoever asks for versions knows the type.
            item(isForVersions ? $0 : typed($0))
        }
    }

    private var call: APICall {
        var call = APICall(.list, path: resource.path(namespace: namespace))
        if let selector = options.labelSelector, !selector.isEmpty { call.query.append(("labelSelector", selector)) }
        if let selector = options.fieldSelector, !selector.isEmpty { call.query.append(("fieldSelector", selector)) }
        if options.pageSize > 0 { call.query.append(("limit", String(options.pageSize))) }
        if let token { call.query.append(("continue", token)) }
        call.accept = Self.accept(options.form)
        return call
    }

    /// A server that does not know a form answers with the one after it.
    private static func accept(_ form: ObjectForm) -> String {
        let partial = ";as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
        let json = "application/json"
        return switch form {
        case .whole: json
        case .metadata: "\(json)\(partial),\(json)"
        case .versions: "\(ProtobufVersions.contentType)\(partial),\(json)\(partial),\(json)"
        }
    }

    /// An item with its type, which a list leaves out and PartialObjectMetadata gives as its own.
    private func typed(_ item: Value) -> Value {
        guard case .object(let object) = item else { return item }
        let kind = object["kind"]?.string
        guard kind == nil || kind == "PartialObjectMetadata" else { return item }
        var members: [Member] = []
        members.reserveCapacity(object.count + 2)
        members.append(Member(key: "apiVersion", value: .string(resource.apiVersion)))
        members.append(Member(key: "kind", value: .string(resource.kind)))
        for member in object.members where member.key != "apiVersion" && member.key != "kind" { members.append(member) }
        return .object(Object(members))
    }
}
