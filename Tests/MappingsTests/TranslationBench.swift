import Referrals
import Reporting
import SourceDocuments
import Testing

@testable import Mappings

/// Translating a document that stands in a test by a mapping that stands there too.
struct TranslationBench {
    let translator: Translator
    let mapping: MarkedText

    static let today = CalendarDay(year: 2026, month: 3, day: 2)

    init(_ mapping: String, tables: [String: String] = Workshop.tables, isDetailed: Bool = false) throws {
        self.mapping = MarkedText(mapping)
        let (set, findings) = Workshop.compile(self.mapping.text, tables: tables)
        try #require(set.mappings.count == 1, "\(FindingPrinter().text(findings))")
        var options = Translator.Options(today: try #require(Self.today))
        options.isDetailed = isDetailed
        translator = Translator(set, options: options)
    }

    /// The translation, without what the rules of the canonical referral say.
    func translate(_ document: String) -> Translation {
        translator.translate(Array(MarkedText(document).text.utf8), named: "letter")
    }

    /// A letter in XML with some elements beside the name and the date of birth.
    static func letter(_ elements: String, root: String = "") -> String {
        "<Referral xmlns=\"urn:example:north\"\(root)>\n<Surname>Ashworth</Surname>\n<DOB>1968-02-14</DOB>\n\(elements)\n</Referral>\n"
    }
}

extension Translation {
    /// The values at a canonical path in one of the referrals.
    func values(_ path: String, part: Int = 0) -> [String] {
        guard parts.indices.contains(part), let field = parts[part].referral.schema.field(path) else {
            return ["no such field"]
        }
        return parts[part].referral.all(field.id).map { parts[part].referral.text($0) }
    }

    /// The origin of the first value at a path.
    func origin(_ path: String) -> Origin? {
        guard let part = parts.first, let field = part.referral.schema.field(path),
            let node = part.referral.first(field.id)
        else { return nil }
        let number = part.referral.nodes[Int(node)].origin
        return number == Referral.noOrigin ? nil : part.origins[Int(number)]
    }

    /// What is said of a canonical field while it is mapped.
    func said(_ code: FindingCode) -> [Finding] { findings.filter { $0.code == code } }

    func json(part: Int = 0) -> String {
        var bytes: [UInt8] = []
        CanonicalJSON.write(parts[part].referral, into: &bytes, pretty: true)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Everything in it that a person may get to see, but for the referrals.
    var rendered: String {
        FindingPrinter().text(findings) + findings.map { $0.json.text() }.joined(separator: "\n")
    }
}
