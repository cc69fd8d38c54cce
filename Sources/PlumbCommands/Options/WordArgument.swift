internal import ArgumentParser

/// An option's value that is one of a few words.
///
/// The parser's own way to list the words goes through descriptions of values, at each start of the program; these words have
/// none.
protocol WordArgument: ExpressibleByArgument, CaseIterable, RawRepresentable where RawValue == String {}

extension WordArgument {
    static var allValueStrings: [String] { allCases.map(\.rawValue) }
    static var allValueDescriptions: [String: String] { [:] }
    var defaultValueDescription: String { rawValue }
}
