package import KubernetesAPI
internal import Manifests
internal import Synchronization

/// The lists in which the objects of an inventory stand, begun before it is known what else is wanted: an environment renders
/// meanwhile. What it is about is mostly what was applied last.
package final class ListsAhead: Sendable {
    /// Their first pages are kept until they are looked at, some megabyte each.
    private static let listsMax = 32

    private let lists: Mutex<[ObservationPlaces.Key: ListPages]>

    /// - Parameters:
    ///   - commit: What is planned. Of another commit than the one applied last it is not known yet whether versions will do,
    ///     and nothing is asked ahead where that is the question.
    ///   - serverVersion: The target's.
    package init(_ inventory: Inventory, commit: String, client: KubernetesClient, discovery: Discovery, serverVersion: String) {
        var resources = EntryResources(discovery)
        let wanted = inventory.entries.compactMap { entry in
            resources.resource(of: entry).map {
                Observer.Wanted(
                    resource: $0, reference: entry.reference,
                    isSeen: entry.isToldByDigest && inventory.hasSeen(entry, serverVersion: serverVersion))
            }
        }
        var lists: [ObservationPlaces.Key: ListPages] = [:]
        let places = ObservationPlaces.division(wanted).places.filter { $0.form != .versions || commit == inventory.commit }
        for place in places.prefix(Self.listsMax) {
            var pages = Observer.pages(of: place, client: client, skipsManagedFields: false)
            pages.askAhead()
            lists[place.key] = pages
        }
        self.lists = Mutex(lists)
    }

    deinit { lists.withLock { $0.values.forEach { $0.cancel() } } }

    /// The list of a place, if it was begun; once.
    func take(_ place: ObservationPlaces.Place) -> ListPages? { lists.withLock { $0.removeValue(forKey: place.key) } }
}
