package import Reporting
internal import SourceDocuments

/// What a converter made of a text.
package enum Conversion: Sendable, Hashable {
    /// The output holds the value.
    case converted
    /// The output holds the value, and something about it is worth a warning of this code.
    case noted(FindingCode)
    /// The text holds nothing (empty, or white space only): treated as missing.
    case blank
    /// The text cannot be read as such a value; the code says why.
    case invalid(FindingCode)
}

/// What a converter writes: bytes for its one value, or for each of its parts. Reused from value to value.
package struct ConvertedValue: Sendable {
    package struct Part: Sendable, Hashable {
        /// The number of the part in ``ConverterSpec/parts``; 0 for a converter without parts.
        package var part: Int
        package var start: Int
        package var end: Int
    }

    package var bytes: [UInt8] = []
    package var parts: [Part] = []

    package init() {}

    package mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        parts.truncate(to: 0)
    }

    /// Ends a part: everything written since the last one ended is its value.
    package mutating func end(part: Int = 0) {
        parts.append(Part(part: part, start: parts.last?.end ?? 0, end: bytes.count))
    }

    /// Writes a whole part.
    package mutating func set(_ text: String, part: Int = 0) {
        bytes.append(contentsOf: text.utf8)
        end(part: part)
    }
}

/// What a converter takes and gives, for the compiler, the documentation and the tests.
package struct ConverterSpec: Sendable {
    /// The word after `as:`.
    package var name: String
    /// One sentence for the documentation.
    package var summary: String
    /// Field names below the target that it fills, relative to it (`value`, `status`, `original.code`);
    /// empty for a converter that makes one plain value. A rule that stands at a field of such a name itself takes
    /// that part alone: `size: { from: …, as: base64 }`.
    package var parts: [String]
    /// Whether it is given the markup of a node as it stands in the source, tags included, rather than its text.
    package var takesMarkup: Bool
    /// Arguments it takes beside `as:`, each with what it means.
    package var arguments: [String: String]
    /// Its source: standard and section.
    package var source: String
    package var examples: [ConverterExample]

    package init(
        name: String, summary: String, parts: [String] = [], arguments: [String: String] = [:],
        takesMarkup: Bool = false, source: String, examples: [ConverterExample]
    ) {
        self.name = name
        self.summary = summary
        self.parts = parts
        self.arguments = arguments
        self.takesMarkup = takesMarkup
        self.source = source
        self.examples = examples
    }
}

/// One example of a converter: documentation that runs as a test.
package struct ConverterExample: Sendable {
    package var arguments: [String: String]
    package var input: String
    /// Values by part name; a converter without parts has its value under `""`.
    package var output: [String: String]
    package var outcome: Conversion

    package init(
        _ input: String, _ output: [String: String] = [:], _ outcome: Conversion = .converted,
        arguments: [String: String] = [:]
    ) {
        self.arguments = arguments
        self.input = input
        self.output = output
        self.outcome = outcome
    }

    /// An example of a text that gives no value.
    package init(_ input: String, outcome: Conversion, arguments: [String: String] = [:]) {
        self.init(input, [:], outcome, arguments: arguments)
    }

    /// An example of a converter with one plain value.
    package init(
        _ input: String, gives output: String, _ outcome: Conversion = .converted, arguments: [String: String] = [:]
    ) {
        self.init(input, ["": output], outcome, arguments: arguments)
    }
}

/// What is wrong with an argument of a converter.
package struct ArgumentProblem: Error, Hashable {
    /// The argument, such as `format`.
    package var argument: String
    package var message: String
    package var help: String?

    package init(_ argument: String, _ message: String, help: String? = nil) {
        self.argument = argument
        self.message = message
        self.help = help
    }
}

/// Makes one canonical value out of one source text. Pure; never repairs, never guesses without saying so.
///
/// Adding one is one new file and one row in ``AllConverters``.
package protocol Converter: Sendable {
    static var spec: ConverterSpec { get }

    /// - Parameter arguments: Those of ``ConverterSpec/arguments`` that the rule gives; others never arrive.
    init(arguments: [String: String]) throws(ArgumentProblem)

    /// Reads one text, which is UTF-8. `output` is empty when called; on ``Conversion/converted`` and
    /// ``Conversion/noted(_:)`` every value was ended with ``ConvertedValue/end(part:)``, otherwise no part was ended
    /// and whatever bytes are left behind mean nothing.
    func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion
}
