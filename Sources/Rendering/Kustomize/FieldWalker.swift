import Manifests

/// Follows the path of a field specification and changes what stands at its end (kustomize's `fieldspec.Filter`).
///
/// Lists on the way are gone through without a part of the path. What is missing is left alone, unless it is to be made.
enum FieldWalker {
    /// What is made at the end of a path.
    enum Creation {
        case nothing
        case scalar
        case mapping
    }

    static func apply(
        _ spec: FieldSpec, to value: inout Value, creating creation: Creation = .nothing,
        _ change: (inout Value) throws -> Void
    ) throws {
        do {
            try walk(
                &value, spec.path.segments[...], creating: spec.isCreated ? creation : .nothing, change)
        } catch let fault as Diagnostic {
            throw Diagnostic("field '\(spec.path.text)': \(fault.message)", at: fault.position, object: fault.object, advice: fault.advice)
        }
    }

    private static func walk(
        _ value: inout Value, _ path: ArraySlice<FieldPath.Segment>, creating creation: Creation,
        _ change: (inout Value) throws -> Void
    ) throws {
        guard let segment = path.first else { return try change(&value) }
        switch value {
        case .null: return
        case .array(var items):
            value = .null
            defer { value = .array(items) }
            for index in items.indices { try walk(&items[index], path, creating: creation, change) }
        case .object(var object):
            value = .null
            defer { value = .object(object) }
            try step(into: &object, segment, path, creating: creation, change)
        case .bool, .int, .unsigned, .double, .string:
            throw Diagnostic("expected a mapping or a list above '\(segment.name)', found \(value.kindDescription)")
        }
    }

    private static func step(
        into object: inout Object, _ segment: FieldPath.Segment, _ path: ArraySlice<FieldPath.Segment>,
        creating creation: Creation, _ change: (inout Value) throws -> Void
    ) throws {
        guard !segment.name.isEmpty else { throw Diagnostic("a part of the path is empty") }
        let isLast = path.count == 1
        let isMade = creation != .nothing && !segment.isList
        if object.index(of: segment.name) == nil {
            guard isMade else { return }
            object[segment.name] = empty(isLast ? creation : .mapping)
        }
        guard let index = object.index(of: segment.name) else { return }
        if object.members[index].value.isNull {
            // A field without a value becomes what it is to hold.
            if isMade { object.members[index].value = empty(isLast ? creation : .mapping) }
            if segment.isList { object.members[index].value = .array([]) }
        }
        try walk(&object.members[index].value, path.dropFirst(), creating: creation, change)
    }

    private static func empty(_ creation: Creation) -> Value {
        switch creation {
        case .mapping: .object(Object())
        case .scalar: .string("")
        case .nothing: .null
        }
    }
}
