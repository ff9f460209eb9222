import SourceDocuments

/// Which guide shapes a FHIR document, by addresses of profiles, extensions and code systems in it.
///
/// Asked only of documents that no mapping reads, to say what they are. What is said are names that stand here; never a value.
enum KnownGuides {
    /// Parts of addresses, the most telling first: a document of one guide also uses the code systems of those it builds on.
    private static let addresses: [(part: String, name: String)] = [
        ("/us/sdoh-clinicalcare/", "HL7 SDOH Clinical Care"), ("/us/bser/", "HL7 BSeR"),
        ("StructureDefinition/eRS-", "the NHS e-Referral Service"), ("Extension-eRS-", "the NHS e-Referral Service"),
        ("Extension-ERS-", "the NHS e-Referral Service"),
        ("StructureDefinition/ITK-", "ITK3"), ("CareConnect-GPC-", "GP Connect"),
        ("fhir.hl7.org.uk/STU3/", "CareConnect"), ("fhir.hl7.org.uk/StructureDefinition/", "UK Core"),
        ("fhir.hl7.org.uk/CodeSystem/", "UK Core"), ("/us/core/", "HL7 US Core"),
    ]

    /// SNOMED CT: unfit for work, fit for work with restrictions.
    private static let fitness: Set<String> = ["160910001", "225891002"]

    /// Addresses stand near the beginning.
    private static let most = 2_000

    /// `, shaped by UK Core`, or nothing where no guide shows.
    static func words(_ document: SourceDocument) -> String {
        var best = addresses.count
        for value in values(document) where value.hasPrefix("http") {
            if let index = addresses[..<best].firstIndex(where: { value.contains($0.part) }) { best = index }
        }
        return best < addresses.count ? ", shaped by \(addresses[best].name)" : ""
    }

    /// Whether an answer says how fit for work somebody is.
    static func isFitNote(_ document: SourceDocument) -> Bool { values(document).contains { fitness.contains($0) } }

    private static func values(_ document: SourceDocument) -> some Sequence<String> {
        (1..<max(1, min(document.nodes.count, most))).lazy.compactMap { node in
            document.ownValue(NodeID(node)).map { document.text($0) }
        }
    }
}
