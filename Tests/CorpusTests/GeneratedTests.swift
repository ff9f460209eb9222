import Foundation
import Mappings
import Testing

/// Referrals made by the generator beside the repository, against the facts it says they hold.
@Suite("Generated referrals", .enabled(if: Shared.hasGenerator))
struct GeneratedTests {
    /// What the generator knows and we do not carry, with the reason.
    static let notCarried: [String: [String: String]] = [
        "fhir": [
            "message.sender.ods":
                "the sender of the message; the referrer is read, and the sender stands in only where they have no organisation",
            "message.sender.name": "as above",
            "referral.id": "the referral is known by its identifiers, which are read",
            "referral.period.start": "the window of a booking; urgency says how soon",
            "referral.period.end": "as above",
            "consent.status":
                "a general consent names no class of recipient: no scope is a yes by it, and one that no longer holds holds the referral",
            "consent.dateTime": "as above",
        ],
        "cda": [
            "message.sender.name": "the custodian; takes no part in the referral",
            "referral.period.start": "when the call was taken", "referral.period.end": "as above",
            "consent.status":
                "consent to record sharing names no recipient: no scope is a yes by it, and one that is not in force holds the referral",
            "consent.dateTime": "as above",
        ],
    ]

    /// Codes that the generator turns into its own; what is compared is the code that was sent.
    private static let own: Set<String> = [
        "schema", "referral.priority.code", "referral.priority.display", "referral.service.code",
        "referral.service.display",
        "requester.role.code", "requester.role.display",
        "referral.reasons.code", "referral.reasons.display",
    ]

    @Test("every fact is in the referral, or is not carried for a reason", arguments: ["fhir-json", "fhir-xml", "cda"])
    func facts(_ format: String) throws {
        let scratch = try Scratch()
        try Python.run([
            Shared.place("bench/gen.py").path, "corpus", "--format", format, "--count", "50", "--out",
            scratch.place("made").path,
            "--expected", scratch.place("expected").path,
        ])
        let lines = String(decoding: try scratch.bytes("expected"), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 50)
        let translator = try Shipped.translator()
        for line in lines {
            let known = try Facts(String(line))
            let name = try #require(known["name"])
            let translation = translator.translate(try scratch.bytes("made/\(name)"), named: name)
            let expected = Expectation(known, isCDA: format == "cda")
            let facts = try Facts(translation)
            for (path, value) in expected.values {
                // The generator knows no thousandths of a second, and writes them.
                let found = path.hasSuffix("At") ? facts[path]?.replacing(/\.\d+/, with: "") : facts[path]
                #expect(found ?? "" == value, "\(name): \(path)")
            }
            #expect(translation.outcome == expected.outcome, "\(name): \(translation.codes)")
            #expect(translation.codes.contains("nhs-number-check-digit") == !expected.hasValidNumber, "\(name)")
            let reasons = Self.notCarried[format == "cda" ? "cda" : "fhir"] ?? [:]
            let shapes = Set(
                known.shapes.filter { $0.hasPrefix("canonical.") }.map { String($0.dropFirst("canonical.".count)) })
            let open = shapes.subtracting(expected.used).subtracting(reasons.keys).subtracting(Self.own).subtracting([
                "issues"
            ])
            #expect(open.sorted() == [], "\(name): neither compared nor given a reason")
        }
    }

    /// What must stand in the referral where the generator knows this.
    struct Expectation {
        private(set) var values: [String: String] = [:]
        /// Shapes of the generator's paths that were looked at.
        private(set) var used: Set<String> = []
        private let known: Facts
        private let isCDA: Bool
        let hasValidNumber: Bool

        /// A number with a wrong check digit, or a consent that is not in force, holds the referral.
        var outcome: Translation.Outcome {
            hasValidNumber && known["canonical.consent.status"] == "active" ? .accepted : .held
        }

        init(_ known: Facts, isCDA: Bool) {
            self.known = known
            self.isCDA = isCDA
            hasValidNumber =
                known["canonical.patient.nhsNumberValid"] == "1" || known["canonical.patient.nhsNumberValid"] == "true"
            person()
            message()
            parties()
            lists()
        }

        private mutating func person() {
            let isCDA = isCDA
            used.insert("patient.nhsNumberValid")
            if hasValidNumber {
                same("patient.nhsNumber", "person.nhsNumber.value")
            } else {
                used.insert("patient.nhsNumber")
                values["person.nhsNumber.value"] = ""
            }
            for (theirs, ours) in [
                ("prefix", "name.prefix"), ("family", "name.family"), ("birthDate", "birthDate"),
                ("address.city", "addresses[0].city"), ("address.postcode", "addresses[0].postcode"),
                ("telecom[0].kind", "telecoms[0].system"), ("telecom[0].value", "telecoms[0].value"),
                ("telecom[1].kind", "telecoms[1].system"), ("telecom[1].value", "telecoms[1].value"),
            ] { same("patient.\(theirs)", "person.\(ours)") }
            all("patient.given", "person.name.given")
            all("patient.address.lines", "person.addresses[0].lines")
            same("patient.gpPractice", "gpPractice.odsCode")
            same("patient.gender", "person.gender.code") { isCDA && $0 == "other" ? "indeterminate" : $0 }
        }

        private mutating func message() {
            let isCDA = isCDA
            same("message.id", isCDA ? "source.trackingId" : "source.messageId")
            same("message.event", "source.event")
            same("message.receiver.ods", "referredTo[0].odsCode")
            same("message.receiver.name", "referredTo[0].name")
            time("message.sentAt", "sentAt")
            time("referral.authoredOn", "referredAt")
            same("referral.status", "status")
            same("referral.reference", isCDA ? "journeyId" : "previousIds[0]")
            if isCDA {
                same("message.sender.ods", "source.endpoint") { "urn:nhs-uk:addressing:ods:\($0)" }
                same("referral.id", "source.messageId")
            }
        }

        private mutating func parties() {
            same("requester.name", "referrer.name")
            same("requester.role.source", "referrer.role.code")
            same("requester.organisation.ods", "referrer.odsCode")
            same("requester.organisation.name", "referrer.organisation")
        }

        private mutating func lists() {
            let isCDA = isCDA
            same("referral.priority.source", isCDA ? "urgency.original.code" : "urgency.code") {
                isCDA ? $0 : ["asap": "urgent", "stat": "urgent"][$0] ?? $0
            }
            same("referral.service.source", isCDA ? "planSuggested[1].code.code" : "planSuggested[0].code.code")
            same("referral.note", isCDA ? "sections[2].text" : "reason.text")
            reasons()
            let goals = Int(known["canonical.goals.count"] ?? "") ?? 0
            values["goals.count"] = "\(goals)"
            for index in 0..<goals {
                same("goals[\(index)].text", "goals[\(index)].text")
                same("goals[\(index)].due", "goals[\(index)].targetDate")
            }
            let answers = Int(known["canonical.answers.count"] ?? "") ?? 0
            values["assessments[0].answers.count"] = "\(answers)"
            for index in 0..<answers {
                same("answers[\(index)].id", "assessments[0].answers[\(index)].linkId")
                same("answers[\(index)].question", "assessments[0].answers[\(index)].question")
                same("answers[\(index)].answer", "assessments[0].answers[\(index)].answer")
            }
        }

        /// A reason that a FHIR message gives twice is kept once.
        private mutating func reasons() {
            used.insert("referral.reasons.source")
            let count = Int(known["canonical.referral.reasons.count"] ?? "") ?? 0
            var codes: [String] = []
            for index in 0..<count {
                guard let code = known["canonical.referral.reasons[\(index)].source"], isCDA || !codes.contains(code)
                else { continue }
                values["reason.codes[\(codes.count)].code"] = code
                codes.append(code)
            }
            values["reason.codes.count"] = "\(codes.count)"
        }

        private mutating func same(_ theirs: String, _ ours: String, _ how: (String) -> String = { $0 }) {
            used.insert(theirs.replacing(/\[\d+\]/, with: ""))
            guard let value = known["canonical.\(theirs)"] else { return }
            values[ours] = how(value)
        }

        private mutating func all(_ theirs: String, _ ours: String) {
            let list = known.list("canonical.\(theirs)")
            values["\(ours).count"] = "\(list.count)"
            for index in list.indices { same("\(theirs)[\(index)]", "\(ours)[\(index)]") }
        }

        private mutating func time(_ theirs: String, _ ours: String) { same(theirs, ours) }
    }
}
