import Manifests

/// What a typed decoder refuses although the schema's type allows it: quantities and Base64.
enum DecodeCheck {
    /// The decoder's complaint about the first bad value; `nil` when there is none.
    static func fault(in value: Value, _ type: TypeNode) -> String? {
        switch value {
        case .object(let object):
            guard type.shape == .map else { return nil }
            for member in object {
                if let inner = type.type(of: member.key), let fault = fault(in: member.value, inner) { return fault }
            }
            return nil
        case .array(let items):
            guard let element = type.element else { return nil }
            for item in items { if let fault = fault(in: item, element) { return fault } }
            return nil
        case .string(let text):
            if type.isQuantity, !Quantity.isValid(text) {
                return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            if type.format == "byte", Base64.decode(text) == nil {
                return "error decoding from json: illegal base64 data at input byte \(Base64.firstBadOffset(in: text))"
            }
            return nil
        default: return nil
        }
    }
}
