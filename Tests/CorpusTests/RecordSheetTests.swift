import Foundation
import Mappings
import Testing

/// What NHS England's own adaptor made of a record extract, against what we make of its requests, value by value.
///
/// Each request of the sheet is looked at with all that it points to: the person, the consultation, who asked, what was
/// linked with it. Every value of it, and every value of ours, is the same on the other side or stands in a list with the
/// reason. The tables in docs/packs.md say the same in words.
@Suite("Answer sheet of a record", .enabled(if: Shared.hasCorpus))
struct RecordSheetTests {
    typealias Comparing = @Sendable (_ theirs: String, _ ours: String) -> Bool

    /// Two places of one fact, and when the two spellings say the same.
    struct Pair: Sendable {
        var theirs: String
        var ours: String
        var isSame: Comparing = { $0 == $1 }
    }

    /// What stands on one side alone, by the shape of its path; with `values`, nothing else may stand there.
    struct Alone: Sendable {
        var shapes: [String]
        var values: [String]?
        var reason: String

        init(_ shapes: [String], _ values: [String]? = nil, _ reason: String) {
            (self.shapes, self.values, self.reason) = (shapes, values, reason)
        }

        func covers(_ path: String, _ value: String) -> Bool {
            let shape = RecordSheetTests.shape(path)
            return shapes.contains { Self.fits(shape, $0) } && values?.contains(value) != false
        }

        /// A `*` at the beginning or the end of a pattern stands for anything.
        private static func fits(_ shape: String, _ pattern: String) -> Bool {
            switch (pattern.hasPrefix("*"), pattern.hasSuffix("*")) {
            case (true, true): shape.contains(pattern.dropFirst().dropLast())
            case (true, false): shape.hasSuffix(pattern.dropFirst())
            case (false, true): shape.hasPrefix(pattern.dropLast())
            case (false, false): shape == pattern
            }
        }
    }

    // MARK: The same

    private static let day: Comparing = { $1.hasPrefix($0 + "T00:00:00") }
    private static let system: Comparing = {
        [
            "2.16.840.1.113883.2.1.6.2": "http://read.info/readv2",
            "2.16.840.1.113883.2.1.4.2": "https://fhir.hl7.org.uk/Id/gmp-number",
        ][$1] == $0
    }

    /// Who asked, whom both the request and the observation name.
    private static let author = [
        Pair(theirs: "Practitioner.identifier[0].system", ours: "referrer.professionalIds[0].system", isSame: system),
        Pair(theirs: "Practitioner.identifier[0].value", ours: "referrer.professionalIds[0].value"),
        Pair(theirs: "Practitioner.name[0].prefix[0]", ours: "referrer.name") { $1.hasPrefix($0 + " ") },
        Pair(theirs: "Practitioner.name[0].given[0]", ours: "referrer.name") { $1.contains(" \($0) ") },
        Pair(theirs: "Practitioner.name[0].family", ours: "referrer.name") { $1.hasSuffix(" " + $0) },
    ]

    private static func codes(_ concept: String) -> [Pair] {
        [
            Pair(
                theirs: concept + ".coding[0].system", ours: "reason.codes[0].original.system", isSame: system),
            Pair(theirs: concept + ".coding[0].code", ours: "reason.codes[0].original.code"),
            Pair(theirs: concept + ".coding[0].display", ours: "reason.codes[0].display"),
            Pair(theirs: concept + ".coding[1].system", ours: "reason.codes[0].system"),
            Pair(theirs: concept + ".coding[1].code", ours: "reason.codes[0].code"),
            Pair(theirs: concept + ".text", ours: "planSuggested[0].text"),
        ]
    }

    private static let request =
        author + codes("ReferralRequest.reasonCode[0]") + [0, 1].flatMap(document) + [
            Pair(theirs: "ReferralRequest.id", ours: "source.referralId"),
            Pair(theirs: "ReferralRequest.id", ours: "previousIds[0]"),
            Pair(theirs: "ReferralRequest.identifier[0].value", ours: "source.referralId"),
            Pair(theirs: "ReferralRequest.priority", ours: "urgency.code"),
            Pair(theirs: "ReferralRequest.authoredOn", ours: "referredAt", isSame: day),
            Pair(theirs: "ReferralRequest.note[0].text", ours: "planSuggested[0].when") { $0 == "Priority: " + $1 },
            Pair(theirs: "ReferralRequest.note[1].text", ours: "reason.text"),
        ]

    /// A file linked with the request: the sheet's entry, and the document in it.
    private static func document(_ index: Int) -> [Pair] {
        let (theirs, ours) = ("DocumentReference#\(index).", "documents[\(index)].")
        return [
            Pair(theirs: theirs + "type.coding[0].system", ours: ours + "type.system"),
            Pair(theirs: theirs + "type.coding[0].code", ours: ours + "type.code"),
            Pair(theirs: theirs + "type.coding[0].display", ours: ours + "type.display"),
            Pair(theirs: theirs + "type.text", ours: ours + "title"),
            Pair(theirs: theirs + "created", ours: ours + "date"),
            Pair(theirs: theirs + "content[0].attachment.url", ours: ours + "reference"),
            Pair(theirs: theirs + "content[0].attachment.url", ours: ours + "sourceId") { $0.contains("/\($1)_") },
            // Where the type of the content is not known, the adaptor says so in both.
            Pair(theirs: theirs + "content[0].attachment.contentType", ours: ours + "contentType") {
                $0 == $1 || ($1 == "unknown" && $0.hasPrefix("GP2GP generated placeholder."))
            },
            Pair(theirs: theirs + "description", ours: ours + "description") {
                $0 == $1 || $0 == $1 + " Content type was not a valid MIME type"
            },
        ]
    }

    /// The request that the adaptor takes for none.
    private static let observation =
        author + codes("Observation.code") + [
            Pair(theirs: "Observation.id", ours: "source.referralId"),
            Pair(theirs: "Observation.id", ours: "previousIds[0]"),
            Pair(theirs: "Observation.identifier[0].value", ours: "source.referralId"),
            Pair(theirs: "Observation.effectiveDateTime", ours: "referredAt", isSame: day),
            Pair(theirs: "Observation.comment", ours: "planSuggested[1].text"),
            Pair(theirs: "Observation.component[0].valueString", ours: "planSuggested[0].when"),
            Pair(theirs: "Observation.component[1].valueString", ours: "reason.text"),
        ]

    // MARK: On one side alone

    static let theirsAlone = [
        Alone(["*.meta.profile", "*.meta.versionId"], nil, "of the resource's form"),
        Alone(
            ["*.identifier.system"], ["https://PSSAdaptor/B83002"],
            "made by the adaptor: the extract's own identifiers have no system"),
        Alone(["ReferralRequest.status"], ["unknown"], "the entry is `COMPLETE`: ours is active, an entry that stands"),
        Alone(["ReferralRequest.intent"], ["order"], "fixed word of the adaptor"),
        Alone(
            ["ReferralRequest.reasonCode.coding.display", "Observation.code.coding.display"], nil,
            "the adaptor's own term of the SNOMED CT code; ours are the words of the extract"),
        Alone(
            ["*.coding.extension.url", "*.coding.extension.extension.*"], nil,
            "SNOMED CT descriptions that the adaptor looked up"),
        Alone(["Patient.id", "Organization.id", "Location.id"], nil, "made by the adaptor"),
        Alone(["Patient.identifier.system"], ["https://fhir.nhs.uk/Id/nhs-number"], "words are no NHS number"),
        Alone(["Patient.identifier.value"], ["Test Harness"], "`nhs-number-malformed`: left out, and held"),
        Alone(
            ["Organization.identifier.system", "Organization.identifier.value"],
            ["https://fhir.nhs.uk/Id/ods-organization-code", "B83002"],
            "the adaptor's own setting; the extract's author is another"),
        Alone(["Practitioner.id"], nil, "the key of the directory, by which we find the same"),
        Alone(["Practitioner.name.use"], ["official"], "the extract does not say so"),
        Alone(
            ["Encounter.*", "Location.*"], nil, "the consultation in which the entry stands: ignored with that reason"),
        Alone(
            ["DocumentReference.id", "DocumentReference.identifier.value"], nil,
            "the entry that holds the document; ours is the document's own"),
        Alone(["DocumentReference.status"], ["current"], "fixed word of the adaptor"),
        Alone(["DocumentReference.indexed", "Observation.issued"], nil, "when the entry was written down"),
        Alone(["Observation.status"], ["final"], "fixed word of the adaptor"),
        Alone(["Observation.component.code.text"], ["Urgency", "Text"], "what the value beside it is"),
    ]

    static let oursAlone = [
        Alone(["schema"], ["referral/1"], "of our own model"),
        Alone(["id", "source.sha256", "source.mapping"], nil, "how the referral was made"),
        Alone(["work.asked"], ["unknown"], "nobody was asked"),
        Alone(["status"], ["active"], "the sheet says unknown"),
        Alone(["kind"], ["new"], "an entry that stands is a new request"),
        Alone(["source.format"], ["gp2gp-ehrextract"], "how the referral was made"),
        Alone(
            ["sentAt", "correlationId", "source.system", "source.endpoint", "source.messageId", "source.event"], nil,
            "the message around the extract, dropped by the adaptor"),
        Alone(["urgency.original.code"], ["394848005", "394849002"], "the code as sent"),
        Alone(["person.nhsNumber.status"], ["unverified"], "no number that could be verified"),
        Alone(["gpPractice.odsCode", "referrer.odsCode"], ["A12345"], "the author of the extract"),
        Alone(
            ["referrer.role.system", "referrer.role.code", "referrer.role.display"],
            ["http://snomed.info/sct", "309394004", "General Medical Practitioner"],
            "the role, dropped by the adaptor"),
        Alone(["planSuggested.text"], ["Investigation"], "the purpose, which the adaptor has in the free text only"),
    ]

    /// The Observation that was a request says nothing of how urgent it is but in words.
    static let oursBesideObservation = [Alone(["urgency.code"], ["routine"], "dropped by the adaptor")]

    // MARK: Tests

    @Test("every value of a request is the same on both sides, or differs for a reason")
    func requests() throws {
        let both = try Both()
        var seen = (theirs: Set<Int>(), ours: Set<Int>())
        for (kind, pairs, beside) in [
            ("ReferralRequest", Self.request, []), ("Observation", Self.observation, Self.oursBesideObservation),
        ] {
            var met: Set<Int> = []
            for request in both.requests(kind) {
                let ours = try #require(both.ours[request.id], "no referral of \(request.id)")
                met.formUnion(Self.compare(pairs, request.values, ours.values))
                let left = Self.left(request.values, Set(pairs.map(\.theirs)), Self.theirsAlone, &seen.theirs)
                #expect(left == [], "the sheet of \(request.id)")
                let alone = Self.oursAlone + beside
                #expect(
                    Self.left(ours.values, Set(pairs.map(\.ours)), alone, &seen.ours) == [], "ours of \(request.id)")
            }
            #expect(met.count == pairs.count, "\(Set(pairs.indices).subtracting(met).map { pairs[$0].theirs })")
        }
        // No reason stands for nothing.
        #expect(Set(Self.theirsAlone.indices).subtracting(seen.theirs).map { Self.theirsAlone[$0].shapes } == [])
        #expect(Set(Self.oursAlone.indices).subtracting(seen.ours).map { Self.oursAlone[$0].shapes } == [])
    }

    @Test("all five requests are looked at, and what is left of the sheet is the rest of the record")
    func whole() throws {
        let both = try Both()
        let (requests, observed) = (both.requests("ReferralRequest"), both.requests("Observation"))
        #expect(requests.count == 4 && observed.count == 1 && both.ours.count == 5)
        let reached = Set((requests + observed).flatMap(\.reached))
        let left = both.resources.filter { !reached.contains($0.key) }.values.compactMap {
            $0["resourceType"] as? String
        }
        #expect(
            Set(left) == [
                // Consultations and letters of other entries, and how the adaptor sorts them all.
                "List", "Encounter", "DocumentReference", "Observation", "Condition",
                "Medication", "MedicationRequest", "MedicationStatement",
            ])
    }

    @Test("a changed value on either side is found")
    func found() throws {
        let both = try Both()
        let request = try #require(both.requests("ReferralRequest").first)
        var ignored: Set<Int> = []
        for (path, value) in [("ReferralRequest.status", "active"), ("ReferralRequest.basedOn[0].display", "x")] {
            var values = request.values
            values[path] = value
            #expect(Self.left(values, Set(Self.request.map(\.theirs)), Self.theirsAlone, &ignored) == [path])
        }
        var ours = try #require(both.ours[request.id]).values
        ours["clinicalContext.notes[0]"] = "x"
        let known = Set(Self.request.map(\.ours))
        #expect(Self.left(ours, known, Self.oursAlone, &ignored) == ["clinicalContext.notes[0]"])
    }

    // MARK: Comparing

    /// - Returns: The pairs of which there was something to compare.
    private static func compare(
        _ pairs: [Pair], _ theirs: [String: String], _ ours: [String: String]
    ) -> Set<Int> {
        var met: Set<Int> = []
        for (index, pair) in pairs.enumerated() {
            switch (theirs[pair.theirs], ours[pair.ours]) {
            case (nil, nil): continue
            case (let left?, let right?):
                met.insert(index)
                #expect(pair.isSame(left, right), "\(pair.theirs) and \(pair.ours)")
            case (let left, _): Issue.record("\(left == nil ? pair.ours : pair.theirs) is on one side alone")
            }
        }
        return met
    }

    /// What is neither compared nor excused.
    private static func left(
        _ values: [String: String], _ compared: Set<String>, _ alone: [Alone], _ seen: inout Set<Int>
    ) -> [String] {
        var left: [String] = []
        for (path, value) in values where !compared.contains(path) && !path.hasSuffix(".count") {
            guard let index = alone.firstIndex(where: { $0.covers(path, value) }) else {
                left.append(path)
                continue
            }
            seen.insert(index)
        }
        return left.sorted()
    }

    static func shape(_ path: String) -> String { path.replacing(/#\d+|\[\d+\]/, with: "") }
}

/// The sheet by its resources, and our referrals by the ids of their statements.
private struct Both {
    struct Request {
        var id: String
        /// The values of it and of what it points to, as `Practitioner.name[0].family`; the second of a kind as `Kind#1`.
        var values: [String: String]
        var reached: [String]
    }

    let resources: [String: [String: Any]]
    let ours: [String: Facts]

    init() throws {
        let sheet = try Shared.bytes("corpus/gp2gp-ehrextract-vision-expected-stu3.json")
        let bundle = try #require(JSONSerialization.jsonObject(with: Data(sheet)) as? [String: Any])
        var found: [String: [String: Any]] = [:]
        for entry in bundle["entry"] as? [[String: Any]] ?? [] {
            let resource = try #require(entry["resource"] as? [String: Any])
            found["\(resource["resourceType"] ?? "")/\(resource["id"] ?? "")"] = resource
        }
        resources = found
        let extract = try Shipped.translator().translate(try Shared.bytes("corpus/gp2gp-ehrextract-vision.xml"))
        ours = Dictionary(
            uniqueKeysWithValues: try extract.canonical.map { try Facts($0) }.map {
                ($0["source.referralId"] ?? "", $0)
            }
        )
    }

    /// The resources of a kind that stand for one of our referrals.
    func requests(_ kind: String) -> [Request] {
        resources.keys.sorted().compactMap { key in
            guard key.hasPrefix(kind + "/"), let id = resources[key]?["id"] as? String, ours[id] != nil else {
                return nil
            }
            return request(key, id)
        }
    }

    private func request(_ key: String, _ id: String) -> Request {
        let own = resources[key].map { Facts(of: $0) }
        let near = references(own)
        let pointed = near + near.flatMap { references(resources[$0].map { Facts(of: $0) }) }
        var request = Request(id: id, values: [:], reached: [])
        var counts: [Substring: Int] = [:]
        for key in [key] + pointed where !request.reached.contains(key) {
            request.reached.append(key)
            let kind = key.prefix { $0 != "/" }
            let number = counts[kind, default: 0]
            counts[kind] = number + 1
            let isFirst = number == 0 && kind != "DocumentReference"
            // What a reference leads to is compared in its place.
            let values: [String: String] = resources[key].map { Facts(of: $0).values } ?? [:]
            for (path, value) in values
            where path != "resourceType" && !path.hasSuffix("reference") {
                request.values["\(kind)\(isFirst ? "" : "#\(number)").\(path)"] = value
            }
        }
        return request
    }

    /// What a resource points to; one that leads nowhere fails the test. Who took part in a consultation is nobody of the
    /// request: the request and the document name their own.
    private func references(_ facts: Facts?) -> [String] {
        let found = (facts?.values ?? [:]).filter { $0.key.hasSuffix(".reference") && !$0.key.hasPrefix("participant") }
            .sorted { $0.key < $1.key }
        for reference in found { #expect(resources[reference.value] != nil, "\(reference.key) leads nowhere") }
        return found.map(\.value)
    }
}
