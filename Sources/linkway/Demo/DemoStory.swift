import Custody
import Delivery
import DurableFiles
import Gateway
import Glibc
import Reporting

/// The story a demonstration tells: what goes in by each door, what becomes of it, and how a person puts right what
/// could not go on.
struct DemoStory {
    let place: DemoPlace
    let gateway: DemoGateway
    let console: Console
    private var style: TextStyle { console.outStyle }

    /// Tells it all.
    func tell() throws {
        try folder()
        try mailbox()
        try posts()
        try again()
        try broken()
        try repaired()
        try finish()
    }

    // MARK: Scenes

    private func folder() throws {
        heading("1  a practice writes into its inbox folder")
        try drop("riverside-xml/rich-letter.xml", "a letter with a work goal in the person's own words")
        try drop("riverside-xml/consent-refused.xml", "a person who does not want job support to know")
        try drop("riverside-xml/two-nhs-numbers.xml", "one person with two NHS numbers")
        try drop("riverside-xml/cut-off.xml", "a file that was cut off on its way")
        try settle(4)
    }

    private func mailbox() throws {
        heading("2  a MESH client brings a pair of files")
        try place.dropPair(try place.sample("riverside-xml/work-not-asked.xml"), named: "20260302091400000001")
        say("dropped", "20260302091400000001.dat and .ctl", "a document and what MESH says about it")
        try settle(5)
    }

    private func posts() throws {
        guard let answer = try gateway.post(try place.sample("fhir-bars/new-referral.json"), "application/fhir+json")
        else { return }
        heading("3  a referral platform posts a BaRS-shaped FHIR message")
        say("posted", "/v1/referrals", answer)
        try settle(6)
    }

    private func again() throws {
        heading("4  the letter comes a second time")
        try place.drop(try place.sample("riverside-xml/rich-letter.xml"), as: "rich-letter-again.xml")
        say("dropped", "rich-letter-again.xml", "the same content under another name")
        _ = try gateway.waitFor { $0["messages"]?.items.contains { ($0["repeats"]?.integer ?? 0) > 0 } ?? false }
        console.out("            \(style.green("one referral, delivered once")); the sender's file lies in done/\n")
    }

    private func broken() throws {
        heading("5  a practice uses a word for urgency that nobody told us about")
        try place.drop(urgent(), as: "new-word.xml")
        say("dropped", "new-word.xml", "<Priority>PDQ</Priority>")
        try settle(7)
    }

    private func repaired() throws {
        heading("6  somebody adds the word to the code table and tries again")
        let table = String(decoding: try Files.read(place.urgencyTable), as: UTF8.self)
        try Files.remove(place.urgencyTable)
        try Files.create(place.urgencyTable, Array((table + "PDQ,soon,Soon,what this practice writes\n").utf8))
        console.out("   added    PDQ,soon  to mappings/riverside-base/riverside-urgency.csv")
        try gateway.reload()
        let held = try gateway.ask(["ask": "messages", "cause": "code-unmapped"])["messages"]?.items.first
        if let reference = held?["reference"]?.string {
            say("retried", String(reference.prefix(18)), "now \(try gateway.retry(reference))")
        }
        console.out()
    }

    private func finish() throws {
        _ = try gateway.waitFor { _ in try gateway.isQuiet() }
        heading("what came out")
        for name in try Files.list(place.queue) { console.out("   queue/ready/\(name)") }
        let received = gateway.received
        if received > 0 {
            console.out("   \(received) FHIR messages received over HTTP, each under its idempotency key")
        }
        let jobs = Files.join(place.folder, "job-support/ready")
        console.out(
            "   \(try Files.list(jobs).count) of them also to job support: only with that consent, and only four fields\n"
        )
    }

    // MARK: Telling

    private func heading(_ text: String) { console.out(style.bold(" " + text)) }

    private func say(_ what: String, _ name: String, _ meaning: String) {
        let padded = what + String(repeating: " ", count: max(0, 9 - what.count))
        console.out("   \(padded)\(name)\n            \(style.dim(meaning))")
    }

    private func drop(_ sample: String, _ meaning: String) throws {
        let name = Files.name(of: sample)
        try place.drop(try place.sample(sample), as: name)
        say("dropped", name, meaning)
    }

    /// Waits until so many messages are known, then tells of those not told yet.
    private func settle(_ count: Int) throws {
        _ = try gateway.waitFor { ($0["messages"]?.items.count ?? 0) >= count }
        _ = try gateway.waitFor { _ in try gateway.isQuiet() }
        for message in try gateway.news() { try tell(message) }
        console.out()
    }

    private func tell(_ message: JSONValue) throws {
        let reference = message["reference"]?.string ?? ""
        let story = try gateway.ask(["ask": "message", "reference": reference])
        let state = story["message"]?["state"]?.string ?? ""
        let name = place.name(ofContent: message["sha256"]?.string ?? "") ?? String(reference.prefix(18))
        console.out(
            "   \(MessageText.state(state, style))  \(name)"
                + ((message["mapping"]?.string).map { "  by \($0)" } ?? ""))
        for delivery in story["deliveries"]?.items ?? [] {
            let cause = delivery["cause"]?.string.map { ": \($0)" } ?? ""
            console.out(
                "            → \(delivery["route"]?.string ?? "")  \(MessageText.state(delivery["state"]?.string ?? "", style))\(cause)"
            )
        }
        guard state == "held" || state == "refused" else { return }
        let gravest = (story["findings"]?.items ?? []).first {
            ["error", "quarantine"].contains($0["severity"]?.string ?? "")
        }
        if let gravest {
            let line = gravest["location"]?["line"]?.integer.map { " (line \($0))" } ?? ""
            console.out("            \(gravest["message"]?.string ?? "")\(line)")
            if let help = gravest["help"]?.string { console.out("            \(style.dim("help: " + help))") }
        }
    }

    /// A sample with a word for urgency that is in no table.
    private func urgent() throws -> [UInt8] {
        let text = String(decoding: try place.sample("riverside-xml/minimal.xml"), as: UTF8.self)
        return Array(text.replacing("<ClinicSlot>", with: "<Priority>PDQ</Priority>\n    <ClinicSlot>").utf8)
    }
}
