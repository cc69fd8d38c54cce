internal import Manifests

extension JSONSchema {
    /// Everything in which a value does not fit a schema.
    func faults(_ schema: Value, _ value: Value, _ path: [String], _ evaluated: inout Evaluated) -> [SchemaFault] {
        func fault(_ message: String) -> SchemaFault { SchemaFault(path: path, message: message) }
        guard let object = schema.object else { return schema.bool == false ? [fault("false schema")] : [] }
        depth += 1
        defer { depth -= 1 }
        guard countStep() else { return [] }
        if Self.isDeeper(depth) { return [fault("schemas lead into one another too deeply")] }
        if draft < 2019, let reference = object["$ref"]?.string {
            return follow(reference, value, path, &evaluated)
        }
        if let type = object["type"], let message = typeFault(type, value) { return [fault(message)] }
        if draft > 4, let constant = object["const"], !Self.equal(constant, value) {
            return [fault(constant.object != nil || constant.array != nil ? "'const' failed" : "value must be \(display(constant))")]
        }
        if let options = object["enum"]?.array, !options.contains(where: { Self.equal($0, value) }) {
            let isPlain = options.allSatisfy { $0.object == nil && $0.array == nil }
            return [
                fault(
                    isPlain
                        ? (options.count == 1
                            ? "value must be \(display(options[0]))"
                            : "value must be one of " + options.map(display).joined(separator: ", ")) : "enum failed")
            ]
        }
        if draft <= 7, let format = object["format"]?.string, let text = value.string, let reason = SchemaFormat.fault(format, text) {
            return [fault("\(SchemaFault.quoted(text)) is not valid \(format): \(reason)")]
        }
        var faults: [SchemaFault] = []
        if let reference = object["$ref"]?.string { faults += follow(reference, value, path, &evaluated) }
        for key in ["$recursiveRef", "$dynamicRef"] {
            if let reference = object[key]?.string { faults += follow(reference, value, path, &evaluated) }
        }
        switch value {
        case .object(let members): faults += objectFaults(object, members, path, &evaluated)
        case .array(let items): faults += arrayFaults(object, items, path, &evaluated)
        case .string(let text): faults += textFaults(object, text, path)
        case .int, .unsigned, .double: faults += numberFaults(object, value, path)
        case .null, .bool: break
        }
        faults += combinedFaults(object, value, path, &evaluated)
        faults += unevaluatedFaults(object, value, path, &evaluated)
        return faults
    }

    private func follow(_ reference: String, _ value: Value, _ path: [String], _ evaluated: inout Evaluated) -> [SchemaFault] {
        guard let target = target(reference) else { return [] }
        let causes = faults(target, value, path, &evaluated)
        return causes.count > 1 ? [SchemaFault(path: path, message: "validation failed", causes: causes)] : causes
    }

    private func typeFault(_ type: Value, _ value: Value) -> String? {
        let names = (type.array ?? [type]).compactMap(\.string)
        let own = Self.type(value)
        if names.contains(own) || names.contains("integer") && isInteger(value) { return nil }
        return "got \(own), want \(names.sorted().joined(separator: " or "))"
    }

    private func isInteger(_ value: Value) -> Bool {
        switch value {
        case .int: true
        case .double(let double): double.isFinite && double == double.rounded()
        default: false
        }
    }

    static func equal(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.int(let a), .double(let b)), (.double(let b), .int(let a)): return Double(a) == b
        case (.array(let a), .array(let b)): return a.count == b.count && zip(a, b).allSatisfy(equal)
        case (.object(let a), .object(let b)):
            return a.count == b.count && a.allSatisfy { member in b[member.key].map { equal(member.value, $0) } ?? false }
        default: return left == right
        }
    }

    private func display(_ value: Value) -> String {
        switch value {
        case .string(let text): SchemaFault.quoted(text)
        case .null: "null"
        case .array, .object: "value"
        case .bool, .int, .unsigned, .double: String(decoding: JSONWriter.compact(value), as: UTF8.self)
        }
    }

    // MARK: By type

    private func missing(_ names: [Value], _ members: Object) -> String? {
        let missing = names.compactMap(\.string).filter { members[$0] == nil }
        guard let first = missing.first else { return nil }
        return missing.count == 1
            ? "missing property \(SchemaFault.quoted(first))"
            : "missing properties " + missing.map(SchemaFault.quoted).joined(separator: ", ")
    }

    private func objectFaults(_ schema: Object, _ members: Object, _ path: [String], _ evaluated: inout Evaluated) -> [SchemaFault] {
        var faults: [SchemaFault] = []
        func add(_ message: String) { faults.append(SchemaFault(path: path, message: message)) }
        if let least = schema["minProperties"]?.int, members.count < least { add("minProperties: got \(members.count), want \(least)") }
        if let most = schema["maxProperties"]?.int, members.count > most { add("maxProperties: got \(members.count), want \(most)") }
        if let names = schema["required"]?.array, let message = missing(names, members) { add(message) }
        for dependency in schema["dependencies"]?.object ?? Object() where members[dependency.key] != nil {
            if let names = dependency.value.array {
                if let message = missing(names, members) {
                    add("properties \(message.dropFirst("missing ".count)) required, if \(SchemaFault.quoted(dependency.key)) exists")
                }
            } else {
                faults += self.faults(dependency.value, .object(members), path, &evaluated)
            }
        }
        var additional: [String] = []
        let properties = schema["properties"]?.object
        let patterns = schema["patternProperties"]?.object
        for member in members.members.sorted(by: { UTF8Text.isLess($0.key, $1.key) }) {
            var isKnown = false
            var inner = Evaluated()
            if let property = properties?[member.key] {
                isKnown = true
                faults += self.faults(property, member.value, path + [member.key], &inner)
            }
            for pattern in patterns?.members ?? [] where expression(pattern.key)?.isMatch(member.key) == true {
                isKnown = true
                faults += self.faults(pattern.value, member.value, path + [member.key], &inner)
            }
            if !isKnown, let rule = schema["additionalProperties"] {
                isKnown = true
                if rule.bool == false {
                    additional.append(member.key)
                } else {
                    faults += self.faults(rule, member.value, path + [member.key], &inner)
                }
            }
            if isKnown { evaluated.properties.insert(member.key) }
        }
        if !additional.isEmpty {
            add("additional properties " + additional.map(SchemaFault.quoted).joined(separator: ", ") + " not allowed")
        }
        if draft > 4, let names = schema["propertyNames"] {
            for member in members {
                var inner = Evaluated()
                let causes = self.faults(names, .string(member.key), [], &inner)
                if !causes.isEmpty {
                    faults.append(SchemaFault(path: [], message: "invalid propertyName \(SchemaFault.quoted(member.key))", causes: causes))
                }
            }
        }
        guard draft >= 2019 else { return faults }
        for rule in schema["dependentSchemas"]?.object ?? Object() where members[rule.key] != nil {
            faults += self.faults(rule.value, .object(members), path, &evaluated)
        }
        for rule in schema["dependentRequired"]?.object ?? Object() where members[rule.key] != nil {
            if let message = missing(rule.value.array ?? [], members) {
                add("properties \(message.dropFirst("missing ".count)) required, if \(SchemaFault.quoted(rule.key)) exists")
            }
        }
        return faults
    }

    private func arrayFaults(_ schema: Object, _ items: [Value], _ path: [String], _ evaluated: inout Evaluated) -> [SchemaFault] {
        var faults: [SchemaFault] = []
        func add(_ message: String) { faults.append(SchemaFault(path: path, message: message)) }
        if let least = schema["minItems"]?.int, items.count < least { add("minItems: got \(items.count), want \(least)") }
        if let most = schema["maxItems"]?.int, items.count > most { add("maxItems: got \(items.count), want \(most)") }
        if schema["uniqueItems"]?.bool == true, let pair = duplicates(items) { add("items at \(pair.0) and \(pair.1) are equal") }
        func check(_ rule: Value, _ range: Range<Int>) {
            for index in range {
                var inner = Evaluated()
                faults += self.faults(rule, items[index], path + [String(index)], &inner)
                evaluated.items.insert(index)
            }
        }
        let prefix = draft >= 2020 ? schema["prefixItems"]?.array : schema["items"]?.array
        var next = 0
        for rule in (prefix ?? []).prefix(items.count) {
            check(rule, next..<(next + 1))
            next += 1
        }
        if draft >= 2020 || prefix == nil {
            if let rule = schema["items"], rule.array == nil { check(rule, next..<items.count) }
        } else if let rule = schema["additionalItems"] {
            if rule.bool == false {
                if next < items.count { add("last \(items.count - next) additionalItem(s) not allowed") }
            } else {
                check(rule, next..<items.count)
            }
        }
        if draft > 4, let rule = schema["contains"] { faults += containsFaults(schema, rule, items, path, &evaluated) }
        return faults
    }

    private func containsFaults(
        _ schema: Object, _ rule: Value, _ items: [Value], _ path: [String], _ evaluated: inout Evaluated
    ) -> [SchemaFault] {
        var causes: [SchemaFault] = []
        var matches: [Int] = []
        for (index, item) in items.enumerated() {
            var inner = Evaluated()
            let own = self.faults(rule, item, path + [String(index)], &inner)
            if own.isEmpty { matches.append(index) } else { causes += own }
        }
        if draft >= 2020 { evaluated.items.formUnion(matches) }
        var faults: [SchemaFault] = []
        if draft >= 2019, let least = schema["minContains"]?.int {
            if matches.count < least {
                faults.append(
                    SchemaFault(
                        path: path,
                        message:
                            "min \(least) items required to match contains schema, but matched \(matches.isEmpty ? "none" : "\(matches.count) items at \(matches.map(String.init).joined(separator: ", "))")",
                        causes: causes))
            }
        } else if matches.isEmpty {
            faults.append(SchemaFault(path: path, message: "no items match contains schema", causes: causes))
        }
        if draft >= 2019, let most = schema["maxContains"]?.int, matches.count > most {
            faults.append(
                SchemaFault(path: path, message: "max \(most) items required to match contains schema, but matched \(matches.count) items"))
        }
        return faults
    }

    private func duplicates(_ items: [Value]) -> (Int, Int)? {
        for right in items.indices {
            for left in 0..<right where Self.equal(items[left], items[right]) { return (left, right) }
        }
        return nil
    }

    private func textFaults(_ schema: Object, _ text: String, _ path: [String]) -> [SchemaFault] {
        var faults: [SchemaFault] = []
        func add(_ message: String) { faults.append(SchemaFault(path: path, message: message)) }
        let length = text.unicodeScalars.count
        if let least = schema["minLength"]?.int, length < least { add("minLength: got \(length), want \(least)") }
        if let most = schema["maxLength"]?.int, length > most { add("maxLength: got \(length), want \(most)") }
        if let pattern = schema["pattern"]?.string, expression(pattern)?.isMatch(text) == false {
            add("\(SchemaFault.quoted(text)) does not match pattern \(SchemaFault.quoted(pattern))")
        }
        return faults
    }

    private func numberFaults(_ schema: Object, _ value: Value, _ path: [String]) -> [SchemaFault] {
        var faults: [SchemaFault] = []
        let number = double(value) ?? 0
        func add(_ name: String, _ bound: Double) {
            faults.append(SchemaFault(path: path, message: "\(name): got \(grouped(number)), want \(grouped(bound))"))
        }
        if let bound = schema["minimum"].flatMap(double) {
            if draft == 4, schema["exclusiveMinimum"]?.bool == true {
                if number <= bound { add("exclusiveMinimum", bound) }
            } else if number < bound {
                add("minimum", bound)
            }
        }
        if let bound = schema["maximum"].flatMap(double) {
            if draft == 4, schema["exclusiveMaximum"]?.bool == true {
                if number >= bound { add("exclusiveMaximum", bound) }
            } else if number > bound {
                add("maximum", bound)
            }
        }
        if draft > 4, let bound = schema["exclusiveMinimum"].flatMap(double), number <= bound { add("exclusiveMinimum", bound) }
        if draft > 4, let bound = schema["exclusiveMaximum"].flatMap(double), number >= bound { add("exclusiveMaximum", bound) }
        if let divisor = schema["multipleOf"].flatMap(double), divisor > 0 {
            let quotient = number / divisor
            if quotient.isFinite, abs(quotient - quotient.rounded()) > 1e-9 * max(1, abs(quotient)) {
                faults.append(SchemaFault(path: path, message: "multipleOf: got \(grouped(number)), want \(grouped(divisor))"))
            }
        }
        return faults
    }

    private func double(_ value: Value) -> Double? {
        switch value {
        case .int(let int): Double(int)
        case .double(let double): double
        default: nil
        }
    }

    /// With commas between thousands.
    private func grouped(_ number: Double) -> String {
        let text = NumberText.json(number)
        var parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let whole = parts.first, !text.contains("e") else { return text }
        let digits = Array(whole.drop { $0 == "-" })
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        parts[0] = (whole.hasPrefix("-") ? "-" : "") + result
        return parts.joined(separator: ".")
    }

    // MARK: Combinations

    private func combinedFaults(_ schema: Object, _ value: Value, _ path: [String], _ evaluated: inout Evaluated) -> [SchemaFault] {
        var faults: [SchemaFault] = []
        if let rule = schema["not"] {
            var inner = Evaluated()
            if self.faults(rule, value, path, &inner).isEmpty { faults.append(SchemaFault(path: path, message: "'not' failed")) }
        }
        if let rules = schema["allOf"]?.array {
            var causes: [SchemaFault] = []
            for rule in rules { causes += self.faults(rule, value, path, &evaluated) }
            if !causes.isEmpty { faults.append(SchemaFault(path: path, message: "'allOf' failed", causes: causes)) }
        }
        if let rules = schema["anyOf"]?.array {
            var causes: [SchemaFault] = []
            var matches = false
            for rule in rules {
                var inner = Evaluated()
                let own = self.faults(rule, value, path, &inner)
                if own.isEmpty {
                    matches = true
                    evaluated.formUnion(inner)
                } else {
                    causes += own
                }
            }
            if !matches { faults.append(SchemaFault(path: path, message: "'anyOf' failed", causes: causes)) }
        }
        if let rules = schema["oneOf"]?.array { faults += oneOfFaults(rules, value, path, &evaluated) }
        if draft >= 7, let condition = schema["if"] {
            var inner = Evaluated()
            let holds = self.faults(condition, value, path, &inner).isEmpty
            if holds { evaluated.formUnion(inner) }
            if let rule = schema[holds ? "then" : "else"] { faults += self.faults(rule, value, path, &evaluated) }
        }
        return faults
    }

    private func oneOfFaults(_ rules: [Value], _ value: Value, _ path: [String], _ evaluated: inout Evaluated) -> [SchemaFault] {
        var causes: [SchemaFault] = []
        var matches: [Int] = []
        for (index, rule) in rules.enumerated() {
            var inner = Evaluated()
            let own = faults(rule, value, path, &inner)
            if own.isEmpty {
                matches.append(index)
                evaluated.formUnion(inner)
            } else {
                causes += own
            }
        }
        switch matches.count {
        case 0: return [SchemaFault(path: path, message: "'oneOf' failed, none matched", causes: causes)]
        case 1: return []
        default: return [SchemaFault(path: path, message: "'oneOf' failed, subschemas \(matches[0]), \(matches[1]) matched")]
        }
    }

    private func unevaluatedFaults(_ schema: Object, _ value: Value, _ path: [String], _ evaluated: inout Evaluated) -> [SchemaFault] {
        guard draft >= 2019 else { return [] }
        var faults: [SchemaFault] = []
        if case .object(let members) = value, let rule = schema["unevaluatedProperties"] {
            for member in members where !evaluated.properties.contains(member.key) {
                var inner = Evaluated()
                if rule.bool == false {
                    faults.append(SchemaFault(path: path + [member.key], message: "false schema"))
                } else {
                    faults += self.faults(rule, member.value, path + [member.key], &inner)
                }
                evaluated.properties.insert(member.key)
            }
        }
        if case .array(let items) = value, let rule = schema["unevaluatedItems"] {
            for index in items.indices where !evaluated.items.contains(index) {
                var inner = Evaluated()
                faults += self.faults(rule, items[index], path + [String(index)], &inner)
                evaluated.items.insert(index)
            }
        }
        return faults
    }
}
