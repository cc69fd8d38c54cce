internal import KubernetesAPI
internal import Manifests

/// Where many wanted objects stand together, so that a list brings them cheaper than one request for each.
enum ObservationPlaces {
    /// From how many wanted objects of one kind and namespace on a LIST is asked for in place of single GETs. Forty GETs
    /// over one connection cost a server about as much as one page of a list.
    static let listFrom = 16
    /// An item that is listed and not wanted costs about this part of a GET.
    static let itemsPerGet = 20

    struct Place: Sendable {
        var resource: APIResource
        /// `nil` for all namespaces, and for kinds of the whole cluster.
        var namespace: String?
        var form: ObjectForm
        /// The places of the objects among the wanted ones.
        var members: [Int]

        /// What tells the objects of the list apart.
        func key(of reference: ObjectReference) -> String {
            spansNamespaces ? "\(reference.namespace)/\(reference.name)" : reference.name
        }

        func key(of item: Value) -> String? {
            guard let metadata = item["metadata"], let name = metadata["name"]?.string else { return nil }
            return spansNamespaces ? "\(metadata["namespace"]?.string ?? "")/\(name)" : name
        }

        var key: Key {
            Key(
                apiVersion: resource.apiVersion, plural: resource.plural, namespace: namespace ?? "", form: form)
        }

        private var spansNamespaces: Bool { namespace == nil && resource.isNamespaced }
    }

    struct Key: Hashable, Comparable {
        var apiVersion: String
        var plural: String
        var namespace: String
        var form: ObjectForm

        static func < (left: Key, right: Key) -> Bool {
            (left.apiVersion, left.plural, left.namespace, left.form) < (right.apiVersion, right.plural, right.namespace, right.form)
        }
    }

    /// What is listed, and what is fetched one by one.
    static func division(_ wanted: [Observer.Wanted]) -> (places: [Place], singles: [Int]) {
        var places: [Place] = []
        var sparse: [Int] = []
        for members in grouped(wanted.indices, of: wanted, byNamespace: true) {
            let one = wanted[members[0]]
            if members.count >= listFrom, one.resource.verbs.contains("list") {
                places.append(place(members, of: wanted, namespace: one.resource.isNamespaced ? one.reference.namespace : nil))
            } else {
                sparse += members
            }
        }
        // Many namespaces with a few objects of a kind each: one list over all of them.
        var singles: [Int] = []
        for members in grouped(sparse, of: wanted, byNamespace: false) {
            let one = wanted[members[0]]
            if one.resource.isNamespaced, members.count >= 2 * listFrom, one.resource.verbs.contains("list") {
                places.append(place(members, of: wanted, namespace: nil))
            } else {
                singles += members
            }
        }
        return (places, singles)
    }

    private static func place(_ members: [Int], of wanted: [Observer.Wanted], namespace: String?) -> Place {
        Place(resource: wanted[members[0]].resource, namespace: namespace, form: form(of: members, wanted), members: members)
    }

    /// Versions are enough where most objects were seen before.
    private static func form(of members: [Int], _ wanted: [Observer.Wanted]) -> ObjectForm {
        let one = wanted[members[0]]
        if one.isMetadataOnly { return .metadata }
        guard SeenKinds.areVersionsEnough(one.resource) else { return .whole }
        return areFew(members.count { !wanted[$0].isSeen }, among: members.count) ? .versions : .whole
    }

    /// Whether so many objects out of a list are cheaper fetched one by one.
    static func areFew(_ count: Int, among listed: Int) -> Bool { count < listFrom || count * itemsPerGet <= listed }

    /// In the order of their keys, so that the same objects are always asked for in the same way.
    private static func grouped(
        _ indexes: some Sequence<Int>, of wanted: [Observer.Wanted], byNamespace: Bool
    ) -> [[Int]] {
        var groups: [Key: [Int]] = [:]
        var last: (key: Key, members: [Int])?
        for index in indexes {
            let one = wanted[index]
            let key = Key(
                apiVersion: one.resource.apiVersion, plural: one.resource.plural, namespace: byNamespace ? one.reference.namespace : "",
                form: one.isMetadataOnly ? .metadata : .whole)
            // Most that are alike stand together.
            if last?.key != key {
                if let last { groups[last.key, default: []] += last.members }
                last = (key, [])
            }
            last?.members.append(index)
        }
        if let last { groups[last.key, default: []] += last.members }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }
}
