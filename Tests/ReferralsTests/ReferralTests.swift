import Testing

@testable import Referrals

@Suite struct ReferralTests {
    @Test("a group in which nothing was set is taken away")
    func emptyGroup() {
        var referral = Referral(schema: .referral)
        let person = referral.open(Schema.referral.require("person"), in: 0)
        let name = referral.open(Schema.referral.require("person.name"), in: person)
        let staysOpen = (referral.close(name), referral.close(person))
        #expect(staysOpen == (false, false))
        referral.close(0)
        #expect(Sample.json(referral) == "{}")
    }

    @Test("a referral can be emptied and filled again")
    func reuse() {
        var referral = Sample.referral
        referral.clear()
        referral.add("status", "draft")
        referral.close(0)
        #expect(Sample.json(referral) == #"{"status":"draft"}"#)
    }

    @Test("nodes are found by field and named by path")
    func finding() throws {
        let referral = Sample.referral
        let given = referral.all(Schema.referral.require("person.name.given"))
        #expect(given.map(referral.text) == ["Aisha", "Noor"])
        #expect(referral.path(of: given[1]) == "person.name.given[1]")
        #expect(referral.first(Schema.referral.require("work.goal")) == nil)
    }

    @Test("it cannot print what it holds")
    func printing() {
        let referral = Sample.referral
        for text in ["\(referral)", String(reflecting: referral), "\([referral])"] {
            #expect(!text.contains("Ashworth"))
        }
        var dumped = ""
        dump(referral, to: &dumped)
        #expect(!dumped.contains("Ashworth"))
    }
}
