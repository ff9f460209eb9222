import Referrals
import Reporting
import SourceDocuments

/// A condition over the canonical referral, in FHIRPath: `work.asked = 'yes'`, `needs.code.code contains …`.
struct ReferralCondition: Sendable {
    private let path: Path
    private let symbols: SymbolTable

    /// What the referral's JSON begins with, so that it reads as a resource and FHIRPath finds its way.
    private static let resource = "{\"resourceType\":\"Referral\","

    /// Compiles a condition. Names that no field of the referral has are mistakes: they would be false for ever.
    static func compile(
        _ text: String, of schema: Schema = .referral, at position: SourcePosition?, in file: String,
        reporting findings: inout [Finding]
    ) -> ReferralCondition? {
        var symbols = SymbolTable()
        let known = symbols.count
        let context = PathContext(language: .fhirPath, rootName: "Referral")
        switch Path.compileCondition(text, in: context, symbols: &symbols) {
        case .failure(let problem):
            findings.append(finding(problem.message, problem.help, position, file))
            return nil
        case .success(let path):
            let names = fieldNames(of: schema)
            for symbol in known..<symbols.count {
                let name = symbols.name(Symbol(symbol))
                // A symbol that paths keep for themselves is no name.
                if name.utf8.contains(0x20) { continue }
                // Of an element of FHIR that may be of several types the path asks for `valueString` and its like too.
                let asked = FHIRChoice.base(of: name) ?? name
                guard !names.contains(name), !names.contains(asked), name != "Referral" else { continue }
                findings.append(
                    finding(
                        "no field of the \(schema.name.prefix { $0 != "/" }) is called `\(name)`",
                        Suggestion.nearest(to: name, among: names.sorted()).map { "did you mean `\($0)`?" }, position,
                        file))
                return nil
            }
            return ReferralCondition(path: path, symbols: symbols)
        }
    }

    private static func fieldNames(of schema: Schema) -> Set<String> {
        Set(schema.fields.dropFirst().compactMap { $0.path.split(separator: ".").last.map { String($0) } })
    }

    private static func finding(
        _ message: String, _ help: String?, _ position: SourcePosition?, _ file: String
    ) -> Finding {
        Finding(
            "configuration-invalid", .error, "`when`: \(message)", at: .init(document: file, position: position),
            help: help)
    }

    /// Whether it holds for a referral, given as canonical JSON.
    func holds(for canonical: [UInt8]) -> Bool {
        var json = canonical
        json.replaceSubrange(0..<1, with: Self.resource.utf8)
        var document = SourceDocument(symbols: symbols)
        var findings: [Finding] = []
        guard DocumentReader().read(json, as: .fhir, into: &document, reporting: &findings), let root = document.root
        else { return false }
        var evaluator = PathEvaluator()
        evaluator.begin(document)
        return evaluator.test(path, from: root, in: &document)
    }
}
