import Referrals

/// A group of a referral while it is turned into FHIR. It remembers what was taken out of it, so that what no element of
/// FHIR was found for still goes out, as extensions (``rest()``): a field that is new in the schema is never lost.
final class Part {
    let field: Field
    private let referral: Referral
    /// Members in the order of the schema, so that the same referral gives the same bytes however it was built.
    private let members: [UInt32]
    private var taken: Set<UInt32> = []

    init(_ referral: Referral, at node: UInt32 = 0) {
        self.referral = referral
        let nodes = referral.nodes
        field = referral.schema[nodes[Int(node)].field]
        members = referral.children(of: node).enumerated()
            .sorted { (nodes[Int($0.element)].field, $0.offset) < (nodes[Int($1.element)].field, $1.offset) }
            .map(\.element)
    }

    private func field(of node: UInt32) -> Field { referral.schema[referral.nodes[Int(node)].field] }

    private func take(_ name: String) -> [UInt32] {
        let found = members.filter { field(of: $0).name == name }
        taken.formUnion(found)
        return found
    }

    /// Takes the value of a member.
    func text(_ name: String) -> String? { take(name).first.map { referral.text($0) } }

    /// Takes all values of a list.
    func texts(_ name: String) -> [String] { take(name).map { referral.text($0) } }

    /// Takes a group. Whoever does so sees to all that is in it.
    func part(_ name: String) -> Part? { take(name).first.map { Part(referral, at: $0) } }

    /// Takes all groups of a list.
    func parts(_ name: String) -> [Part] { take(name).map { Part(referral, at: $0) } }

    /// A value without taking it.
    func peek(_ name: String) -> String? {
        members.first { field(of: $0).name == name }.map { referral.text($0) }
    }

    /// All values of a list without taking them.
    func peekAll(_ name: String) -> [String] {
        members.filter { field(of: $0).name == name }.map { referral.text($0) }
    }

    /// Takes a member of any kind as the value of an element: a code or group of one as CodeableConcept, else a text.
    func concept(_ name: String, text: String? = nil) -> Element? {
        guard let node = take(name).first else { return .members(["text": .text(text)]) }
        let field = field(of: node)
        if field.isGroup { return Part(referral, at: node).codeableConcept(text: text) }
        guard let codes = field.codes else { return .members(["text": .text(text ?? referral.text(node))]) }
        return Terms.concept(codes, referral.text(node), text: text)
    }

    /// What has not been taken, as extensions.
    /// - Parameter isNested: Whether they stand in another extension, where a name alone is their url.
    func rest(isNested: Bool = false) -> Element? {
        .items(
            members.filter { !taken.contains($0) }.map { node in
                let name = Terms.kebab(field(of: node).name)
                return asExtension(node, url: isNested ? name : Terms.structure + name)
            })
    }

    /// What has not been taken, as one extension of the group's name; `nil` when all was.
    func restAsExtension() -> Element? {
        rest(isNested: true).flatMap {
            .members(["url": .text(Terms.structure + Terms.kebab(field.name)), "extension": $0])
        }
    }

    private func asExtension(_ node: UInt32, url: String) -> Element? {
        let field = field(of: node)
        guard field.isGroup else {
            let (type, value) = Self.value(referral.text(node), field.row.type)
            return .object([("url", .text(url)), (type, value)])
        }
        let part = Part(referral, at: node)
        if let (type, value) = part.datatype() { return .object([("url", .text(url)), (type, value)]) }
        return part.rest(isNested: true).flatMap { .members(["url": .text(url), "extension": $0]) }
    }

    /// The group as the datatype FHIR has for it, if it has one.
    private func datatype() -> (String, Element)? {
        guard case .group(let type) = field.row.type else { return nil }
        if field.isCoded { return codeableConcept().map { ("valueCodeableConcept", $0) } }
        switch type.name {
        case "Address": return address().map { ("valueAddress", $0) }
        case "Telecom": return contactPoint().map { ("valueContactPoint", $0) }
        case "PersonName": return humanName().map { ("valueHumanName", $0) }
        default: return nil
        }
    }

    private static func value(_ text: String, _ type: FieldType) -> (String, Element) {
        switch type {
        case .text, .token, .uuid, .group: ("valueString", .text(text))
        case .date, .partialDate: ("valueDate", .text(text))
        case .instant: ("valueDateTime", .text(text))
        case .choice: ("valueCode", .text(text))
        case .boolean: ("valueBoolean", .bare(text))
        case .integer: Int32(text) == nil ? ("valueString", .text(text)) : ("valueInteger", .bare(text))
        }
    }
}
