package import Manifests

/// How the client behaves, whatever the cluster.
package struct ClientOptions: Sendable {
    package var userAgent: String
    /// For one try of a request; lists may take four times as long.
    package var requestTimeout: Duration
    /// How long a request is tried again in all, from its first try on.
    package var retryDeadline: Duration
    /// Requests under way at a time; more wait their turn.
    package var maximumInFlight: Int
    /// Whether a person is there: credential plugins may then ask on the terminal.
    package var isInteractive: Bool
    /// Told in a line what a person who asked for details wants to know (retries, refreshed credentials). Never a secret.
    package var log: @Sendable (String) -> Void

    /// Requests under way at a time where nobody says otherwise. With half as many, applying takes a tenth longer even beside the
    /// server, with more no less; further away it takes twice as long. A server that cannot take so many says so, and gets fewer.
    package static let standardInFlight = 64

    package init(
        userAgent: String = "plumb", requestTimeout: Duration = .seconds(30), retryDeadline: Duration = .seconds(60),
        maximumInFlight: Int = standardInFlight, isInteractive: Bool = false, log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.userAgent = userAgent
        self.requestTimeout = requestTimeout
        self.retryDeadline = retryDeadline
        self.maximumInFlight = maximumInFlight
        self.isInteractive = isInteractive
        self.log = log
    }
}

package struct ListOptions: Hashable, Sendable {
    package var labelSelector: String?
    package var fieldSelector: String?
    package var form: ObjectForm
    /// Objects a page; 0 asks for all at once.
    package var pageSize: Int
    /// Leaves `metadata.managedFields` out of what is built: half the bytes of a list.
    package var skipsManagedFields: Bool

    package init(
        labelSelector: String? = nil, fieldSelector: String? = nil, form: ObjectForm = .whole, pageSize: Int = 500,
        skipsManagedFields: Bool = false
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.form = form
        self.pageSize = pageSize
        self.skipsManagedFields = skipsManagedFields
    }
}

/// What a list brought.
package struct ObjectList: Sendable {
    /// Each with `apiVersion` and `kind`, which servers leave out of a list's items.
    package var items: [Value]
    /// The list's own; of its first page when there were several.
    package var resourceVersion: String

    package init(items: [Value], resourceVersion: String) {
        self.items = items
        self.resourceVersion = resourceVersion
    }
}

/// What the server does with fields that a kind does not have.
package enum FieldValidation: String, Sendable {
    /// Refuses the object.
    case strict = "Strict"
    /// Drops them and warns.
    case warn = "Warn"
    /// Drops them.
    case ignore = "Ignore"
}

/// How an object is written.
package struct ApplyOptions: Hashable, Sendable {
    package var fieldManager: String
    /// Takes fields over that other managers own.
    package var force: Bool
    package var dryRun: Bool
    package var fieldValidation: FieldValidation

    package init(
        fieldManager: String = "plumb", force: Bool = false, dryRun: Bool = false, fieldValidation: FieldValidation = .strict
    ) {
        self.fieldManager = fieldManager
        self.force = force
        self.dryRun = dryRun
        self.fieldValidation = fieldValidation
    }
}

package enum PatchType: String, Sendable {
    case merge = "application/merge-patch+json"
    case json = "application/json-patch+json"
    case strategicMerge = "application/strategic-merge-patch+json"
}

/// The server's answer to a write.
package struct WriteResult: Sendable {
    package var object: Value
    /// The object was not there before (201).
    package var isCreated: Bool
    /// The server's warnings (deprecated versions, dropped fields), each once.
    package var warnings: [String]

    package init(object: Value, isCreated: Bool = false, warnings: [String] = []) {
        self.object = object
        self.isCreated = isCreated
        self.warnings = warnings
    }
}

/// What happens to the objects that an object owns.
package enum DeletePropagation: String, Sendable {
    case background = "Background"
    case foreground = "Foreground"
    case orphan = "Orphan"
}

package struct DeleteOptions: Hashable, Sendable {
    /// Preconditions: another UID or resourceVersion is refused with a conflict.
    package var uid: String?
    package var resourceVersion: String?
    /// `nil` leaves it to the kind.
    package var propagation: DeletePropagation?
    package var gracePeriodSeconds: Int?
    package var dryRun: Bool

    package init(
        uid: String? = nil, resourceVersion: String? = nil, propagation: DeletePropagation? = nil, gracePeriodSeconds: Int? = nil,
        dryRun: Bool = false
    ) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.propagation = propagation
        self.gracePeriodSeconds = gracePeriodSeconds
        self.dryRun = dryRun
    }
}

package enum DeleteResult: Sendable {
    /// There was nothing to delete.
    case notFound
    case deleted
    /// Marked for deletion; finalizers, its dependents or its grace period hold it. The object as it is now.
    case pending(Value)
}
