import Referrals

/// Groups of the referral as datatypes of FHIR R4. Each takes all that is in the group.
extension Part {
    /// A coded group as a Coding. What the sender wrote stands in an extension of it; a code without a canonical one has
    /// only that.
    ///
    /// - Parameter system: The system to name, where FHIR has the codes of a list of ours.
    func coding(in system: String? = nil) -> Element? {
        let original = part("original").flatMap { original -> Element? in
            let coding = Element.members([
                "system": .text(original.text("system")), "code": .text(original.text("code")),
                "display": .text(original.text("display")),
            ])
            return coding.map { .object([("url", .text(Terms.structure + "original")), ("valueCoding", $0)]) }
        }
        let code = text("code")
        let ownSystem = field.codes.map { Terms.codeSystem + $0.name }
        let sentSystem = text("system")
        let system = code == nil ? sentSystem : system ?? ownSystem ?? sentSystem
        return .members([
            "extension": .items([original]), "system": .text(system), "code": .text(code),
            "display": .text(text("display")),
        ])
    }

    /// A coded group as a CodeableConcept with one Coding.
    func codeableConcept(text words: String? = nil) -> Element? {
        let coding = coding()
        return .members(["extension": rest(), "coding": .items([coding]), "text": .text(words)])
    }

    func humanName() -> Element? {
        let preferred = text("preferred").map { name -> Element in
            .object([("url", .text(Terms.structure + "preferred")), ("valueString", .text(name))])
        }
        return humanName(extensions: .items([preferred]), use: text("use"))
    }

    func humanName(extensions: Element? = nil, use: String?) -> Element? {
        .members([
            "extension": extensions, "use": .text(use), "text": .text(text("text")), "family": .text(text("family")),
            "given": .texts(texts("given")), "prefix": .texts(texts("prefix")), "suffix": .texts(texts("suffix")),
        ])
    }

    /// FHIR has no address for letters only; that use stays an extension.
    func address() -> Element? {
        let use = peek("use") == "correspondence" ? nil : text("use")
        let (lines, city, district) = (texts("lines"), text("city"), text("district"))
        let (postcode, country, whole) = (text("postcode"), text("country"), text("text"))
        return .members([
            "extension": rest(), "use": .text(use), "text": .text(whole), "line": .texts(lines), "city": .text(city),
            "district": .text(district), "postalCode": .text(postcode), "country": .text(country),
        ])
    }

    func contactPoint() -> Element? {
        let (system, value, use, rank) = (text("system"), text("value"), text("use"), text("rank"))
        return .members([
            "extension": rest(), "system": .text(system), "value": .text(value), "use": .text(use),
            "rank": rank.map { .bare($0) },
        ])
    }

    /// Takes a list of telephone numbers and the like.
    func contactPoints(_ name: String) -> Element? { .items(parts(name).map { $0.contactPoint() }) }

    /// Takes two days as a Period.
    func period(_ start: String?, _ end: String?) -> Element? {
        .members(["start": .text(start.flatMap { text($0) }), "end": .text(end.flatMap { text($0) })])
    }

    /// Takes an ODS code as Identifiers of an Organization.
    func odsIdentifier(_ name: String = "odsCode") -> Element? {
        .items([text(name).map { Terms.identifier(Terms.odsCode, $0) }])
    }
}
