import Digests
import DurableFiles
import Foundation
import Intake
import Mappings
import Referrals
import Reporting
import Testing

@testable import Gateway

@Suite("One run over an inbox")
struct RunOnceTests {
    @Test("a sound document is delivered whole, readable by its owner alone, and moves to done")
    func delivered() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter())
        let step = try #require(try bench.run().first)
        #expect(step.end == .delivered)
        #expect(bench.ready == [step.referrals[0] + ".json"])
        #expect(bench.folder.names("in/done") == ["a.xml"])
        #expect(bench.inbox.isEmpty)
        #expect(bench.folder.names("queue/tmp").isEmpty)
        let text = try bench.folder.text("queue/ready/" + bench.ready[0])
        #expect(text.hasPrefix("{") && text.hasSuffix("}\n") && text.contains("\"family\":\"Dray\""))
        let attributes = try FileManager.default.attributesOfItem(atPath: bench.folder["queue/ready/" + bench.ready[0]])
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
        let folders = try FileManager.default.attributesOfItem(atPath: bench.folder["queue/ready"])
        #expect((folders[.posixPermissions] as? Int) == 0o700)
    }

    @Test(
        "what cannot go on moves to failed with the reason in plain words and no value",
        arguments: [
            ("held", "<DOB>07/11/1951</DOB>", "<DOB>31/02/1951</DOB>", "date-impossible", RunOnce.Step.End.held),
            ("refused", "<Surname>Zanzibari</Surname>", "", "value-missing", .refused),
            ("malformed", "</Patient>", "", "xml-malformed", .refused),
            ("unknown", "riverside:referral", "unheard:of", "mapping-none", .refused),
        ])
    func failed(name: String, old: String, new: String, code: String, end: RunOnce.Step.End) throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter("Zanzibari", change: (old, new)))
        let step = try #require(try bench.run().first)
        #expect(step.end == end)
        #expect(bench.folder.names("in/failed") == ["a.xml", "a.xml.why.txt"])
        #expect(bench.ready.isEmpty)
        let why = try bench.folder.text("in/failed/a.xml.why.txt")
        #expect(why.contains(code) && why.contains("help:"))
        for value in ["Zanzibari", "999 000 4110", "31/02/1951", "07/11/1951", "Feels cut off"] {
            #expect(!why.contains(value))
        }
    }

    @Test("a dry run changes nothing on disk, and says the same")
    func dryRun() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter())
        try bench.put("b.xml", try GatewayBench.letter(change: ("07/11/1951", "31/02/1951")))
        try bench.put("c.xml", "<no")
        let before = bench.folder.everything()
        let dry = try bench.run(dry: true)
        #expect(bench.folder.everything() == before)
        #expect(bench.folder.names("") == ["in"])
        #expect(bench.folder.names("in") == ["a.xml", "b.xml", "c.xml"])
        #expect(dry.map(\.end) == [.delivered, .held, .refused])
        #expect(try bench.run().map(\.end) == dry.map(\.end))
    }

    // MARK: The same again

    @Test("the same document again is one referral, and both files are in done")
    func repeated() throws {
        let bench = try GatewayBench()
        for _ in 0..<3 {
            try bench.put("a.xml", try GatewayBench.letter())
            #expect(try bench.run().map(\.end) == [.delivered])
        }
        #expect(bench.ready.count == 1)
        #expect(bench.folder.names("in/done") == ["a.xml", "a.xml.2", "a.xml.3"])
    }

    @Test("the same referral in other white space is delivered once, with a note")
    func respelt() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter())
        try bench.run()
        let before = try bench.folder.read("queue/ready/" + bench.ready[0])
        try bench.put("a.xml", try GatewayBench.letter(change: ("<Patient>", "<Patient>\n\n")))
        let step = try #require(try bench.run().first)
        #expect(step.end == .delivered)
        #expect(step.findings.contains { $0.code == "referral-repeated" })
        #expect(try bench.folder.read("queue/ready/" + bench.ready[0]) == before)
    }

    @Test("the same id with other content is held, and nothing is overwritten")
    func reusedID() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter())
        let id = try #require(try bench.run(dry: true).first?.referrals.first)
        let other = Array("{\"schema\":\"referral/1\",\"id\":\"\(id)\"}\n".utf8)
        try bench.folder.write("queue/ready/\(id).json", other)
        let step = try #require(try bench.run().first)
        #expect(step.end == .held)
        #expect(step.findings.contains { $0.code == "id-reused" })
        #expect(bench.folder.names("in/failed") == ["a.xml", "a.xml.why.txt"])
        #expect(try bench.folder.read("queue/ready/\(id).json") == other)
    }

    @Test("a document that may not go into one queue goes into none")
    func allOrNone() throws {
        var bench = try GatewayBench()
        bench.configuration.routes.append(Configuration.Route(name: "second", queue: bench.folder["second"]))
        try bench.put("a.xml", try GatewayBench.letter())
        let id = try #require(try bench.run(dry: true).first?.referrals.first)
        try bench.folder.write("second/ready/\(id).json", "{}\n")
        #expect(try bench.run().map(\.end) == [.held])
        #expect(bench.ready.isEmpty)
    }

    @Test("names never collide in done and failed")
    func names() throws {
        let bench = try GatewayBench()
        for number in 0..<4 {
            try bench.put("a.xml", try GatewayBench.letter("Name\(number)"))
            try bench.put("b.xml", "<broken\(number)")
            try bench.run()
        }
        #expect(bench.folder.names("in/done") == ["a.xml", "a.xml.2", "a.xml.3", "a.xml.4"])
        #expect(bench.folder.names("in/failed").count == 8)
        for number in 1...4 {
            let name = number == 1 ? "b.xml" : "b.xml.\(number)"
            #expect(try bench.folder.text("in/failed/" + name) == "<broken\(number - 1)")
            #expect(bench.folder.exists("in/failed/\(name).why.txt"))
        }
    }

    // MARK: What is left alone

    @Test("hidden, unfinished, linked, piped and nested files are left alone")
    func leftAlone() throws {
        let bench = try GatewayBench()
        let letter = try GatewayBench.letter()
        for name in [".hidden.xml", "a.xml.tmp", "b.xml.part", "c.why.txt", "sub/d.xml"] { try bench.put(name, letter) }
        try bench.folder.write("outside.xml", letter)
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder["in/link.xml"], withDestinationPath: bench.folder["outside.xml"])
        #expect(mkfifo(bench.folder["in/pipe.xml"], 0o600) == 0)
        #expect(try bench.run().isEmpty)
        #expect(bench.ready.isEmpty)
        #expect(bench.inbox == [".hidden.xml", "a.xml.tmp", "b.xml.part", "c.why.txt", "link.xml", "pipe.xml", "sub"])
    }

    @Test("a name that is not UTF-8 keeps no document from being taken, and stays with it")
    func oddName() throws {
        let bench = try GatewayBench()
        let path = Array(bench.folder["in/"].utf8) + [0xE9] + Array(".xml".utf8) + [0]
        let descriptor = path.withUnsafeBytes {
            open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o600)
        }
        try #require(descriptor >= 0)
        let letter = Array(try GatewayBench.letter().utf8)
        #expect(write(descriptor, letter, letter.count) == letter.count)
        close(descriptor)
        let steps = try bench.run()
        #expect(steps.map(\.end) == [.delivered] && steps.map(\.file) == ["\\xE9.xml"])
        #expect(bench.ready.count == 1)
        let done = Array(bench.folder["in/done/"].utf8) + path.suffix(6)
        #expect(done.withUnsafeBytes { access($0.baseAddress!.assumingMemoryBound(to: CChar.self), F_OK) } == 0)
    }

    @Test("a document larger than the limit is refused by its size alone")
    func tooLarge() throws {
        var bench = try GatewayBench()
        bench.configuration.largestDocument = 1000
        try bench.put("a.xml", String(repeating: "x", count: 1001))
        try bench.put("b.xml", "<a/>" + String(repeating: " ", count: 996))
        let steps = try bench.run()
        #expect(steps[0].findings.map(\.code) == ["document-too-large"])
        #expect(steps[0].end == .refused)
        #expect(!steps[1].findings.map(\.code).contains("document-too-large"))
        #expect(bench.folder.names("in/failed") == ["a.xml", "a.xml.why.txt", "b.xml", "b.xml.why.txt"])
    }

    @Test("an empty file is refused with a reason")
    func empty() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", "")
        #expect(try bench.run().first?.findings.map(\.code) == ["document-empty"])
    }

    // MARK: The world fails

    @Test("an unreadable file is postponed and holds up no other", .enabled(if: RunOnceTests.isOrdinary))
    func unreadable() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter("A"))
        try bench.put("b.xml", try GatewayBench.letter("B"))
        chmod(bench.folder["in/a.xml"], 0)
        let steps = try bench.run()
        #expect(steps.map(\.end) == [.postponed, .delivered])
        #expect(bench.folder.exists("in/a.xml"))
        chmod(bench.folder["in/a.xml"], 0o600)
        #expect(try bench.run().map(\.end) == [.delivered])
    }

    @Test("a queue that cannot be written keeps the document in the inbox")
    func unwritable() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter())
        try bench.run()
        try bench.put("b.xml", try GatewayBench.letter("Other"))
        // A folder that the letter's place is taken by: nothing can be put there, whoever asks.
        let name = try #require(try bench.run(dry: true).first?.referrals.first) + ".json"
        try FileManager.default.createDirectory(
            atPath: bench.folder["queue/ready/" + name], withIntermediateDirectories: false)
        let steps = try bench.run()
        #expect(steps.map(\.end) == [.postponed])
        #expect(bench.inbox == ["b.xml"])
        #expect(bench.folder.names("in/done") == ["a.xml"])
        try FileManager.default.removeItem(atPath: bench.folder["queue/ready/" + name])
        #expect(try bench.run().map(\.end) == [.delivered])
        #expect(bench.folder.names("queue/tmp").isEmpty)
    }

    @Test("a source that is not there is an error, and the others are worked off")
    func missingSource() throws {
        var bench = try GatewayBench()
        bench.configuration.sources.insert(Configuration.Source(name: "gone", folder: bench.folder["gone"]), at: 0)
        try bench.put("a.xml", try GatewayBench.letter())
        #expect(throws: FileError.self) { try bench.run() }
        #expect(bench.ready.count == 1)
        #expect(!bench.folder.exists("gone"))
    }

    @Test("a link in the place of a folder of ours is not followed", arguments: [".work", "done", "failed"])
    func linkedFolder(name: String) throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter())
        try FileManager.default.createDirectory(atPath: bench.folder["elsewhere"], withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder["in/" + name], withDestinationPath: bench.folder["elsewhere"])
        #expect(throws: FileError.self) { try bench.run() }
        #expect(bench.folder.names("elsewhere").isEmpty && bench.folder.exists("in/a.xml"))
    }

    @Test("two runs do not work on one folder")
    func locked() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter())
        let lock = try FolderLock(bench.folder["in"])
        #expect(throws: FileError.self) { try bench.run() }
        #expect(bench.inbox == ["a.xml"])
        withExtendedLifetime(lock) {}
    }

    // MARK: Cut off between two steps

    @Test(
        "a run cut off between any two steps loses nothing and leaves nothing behind",
        arguments: [
            "unfinished tmp", "foreign tmp", "claimed", "half claimed", "put", "put in one of two", "note written",
            "why written",
            "half moved", "moved",
        ])
    func cutOff(step: String) throws {
        var bench = try GatewayBench()
        bench.configuration.routes.append(Configuration.Route(name: "second", queue: bench.folder["second"]))
        // In one case with a warning, so that a note lies beside the document.
        let letter = try GatewayBench.letter(change: step == "note written" ? Self.warned : nil)
        try bench.put("a.xml", letter)
        // What a whole run makes.
        try bench.run()
        let name = try #require(bench.ready.first)
        let json = try bench.folder.read("queue/ready/" + name)
        // Back to the moment before the cut.
        try FileManager.default.removeItem(atPath: bench.folder["queue/ready/" + name])
        try FileManager.default.removeItem(atPath: bench.folder["second/ready/" + name])
        try FileManager.default.removeItem(atPath: bench.folder["in/done/a.xml"])
        try bench.put("a.xml", letter)
        switch step {
        case "unfinished tmp": try bench.folder.write("queue/tmp/" + name, Array(json.prefix(100)))
        case "foreign tmp": try bench.folder.write("queue/tmp/other.json", Array(json.prefix(100)))
        case "put", "put in one of two":
            #expect(try FolderQueue(bench.folder["queue"]).put(json, named: name) == .added)
            if step == "put" { #expect(try FolderQueue(bench.folder["second"]).put(json, named: name) == .added) }
        case "claimed": #expect(try Files.rename(bench.folder["in/a.xml"], to: bench.folder["in/.work/a.xml"]))
        case "half claimed":
            try FileManager.default.linkItem(atPath: bench.folder["in/a.xml"], toPath: bench.folder["in/.work/a.xml"])
        case "note written": try bench.folder.write("in/done/a.xml.findings.txt", "old remarks")
        case "half moved":
            #expect(try FolderQueue(bench.folder["queue"]).put(json, named: name) == .added)
            #expect(try FolderQueue(bench.folder["second"]).put(json, named: name) == .added)
            #expect(try Files.rename(bench.folder["in/a.xml"], to: bench.folder["in/done/a.xml"]))
            try FileManager.default.linkItem(
                atPath: bench.folder["in/done/a.xml"], toPath: bench.folder["in/.work/a.xml"])
        case "why written":
            try bench.folder.write("in/failed/a.xml.why.txt", "an old reason")
            try bench.put("a.xml", letter.replacing("07/11/1951", with: "31/02/1951"))
        default:
            #expect(try FolderQueue(bench.folder["queue"]).put(json, named: name) == .added)
            #expect(try FolderQueue(bench.folder["second"]).put(json, named: name) == .added)
            #expect(try Files.rename(bench.folder["in/a.xml"], to: bench.folder["in/done/a.xml"]))
        }
        let end = try bench.run().first?.end
        #expect(bench.inbox.isEmpty && bench.work.isEmpty)
        #expect(bench.folder.names("queue/tmp").isEmpty && bench.folder.names("second/tmp").isEmpty)
        if step == "why written" {
            #expect(end == .held)
            #expect(try bench.folder.text("in/failed/a.xml.why.txt").contains("date-impossible"))
        } else {
            #expect(end == (step == "moved" || step == "half moved" ? nil : .delivered))
            #expect(try bench.folder.read("queue/ready/" + name) == json)
            #expect(try bench.folder.read("second/ready/" + name) == json)
            #expect(bench.folder.names("in/done") == ["a.xml"] + (step == "note written" ? ["a.xml.findings.txt"] : []))
            if step == "note written" {
                #expect(try bench.folder.text("in/done/a.xml.findings.txt").contains("date-offset-assumed"))
            }
        }
    }

    // MARK: What is said of delivered documents

    /// Makes a letter one that is delivered with a warning.
    static let warned = ("<ClinicSlot>", "<Referred>02/03/2026 09:05</Referred><ClinicSlot>")

    @Test("what is said of a delivered document lies beside it, without a value")
    func findingsFile() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter("Zanzibari", change: Self.warned))
        try bench.put("b.xml", try GatewayBench.letter("Other"))
        let steps = try bench.run()
        #expect(steps.map(\.end) == [.delivered, .delivered])
        #expect(steps.map(\.hasFindingsFile) == [true, false])
        #expect(bench.folder.names("in/done") == ["a.xml", "a.xml.findings.txt", "b.xml"])
        let text = try bench.folder.text("in/done/a.xml.findings.txt")
        #expect(text.contains("date-offset-assumed") && text.contains(steps[0].referrals[0]))
        for value in ["Zanzibari", "999 000 4110", "02/03/2026", "Feels cut off"] { #expect(!text.contains(value)) }
        #expect(steps[0].sha256 == Digest.sha256(try bench.folder.read("in/done/a.xml")))
        #expect(steps[0].place == bench.folder["in/done/a.xml"])
    }

    // MARK: Consent

    @Test("a route that names a consent gets a referral only when the person agreed")
    func consent() throws {
        var bench = try GatewayBench()
        bench.configuration.routes = [
            .init(name: "workers", queue: bench.folder["queue"], consent: .scope(.shareWithLinkWorker)),
            .init(name: "jobs", queue: bench.folder["jobs"], consent: .scope(.shareWithEmploymentSupport)),
            .init(name: "landlords", queue: bench.folder["landlords"], consent: .scope(.shareWithHousingLandlord)),
            .init(name: "research", queue: bench.folder["research"], consent: .scope(.research)),
            .init(name: "audit", queue: bench.folder["audit"], consent: .noneNeeded),
        ]
        try bench.put("a.xml", try GatewayBench.refusal())
        let dry = try #require(try bench.run(dry: true).first)
        let step = try #require(try bench.run().first)
        #expect(step.end == .delivered && dry.end == .delivered)
        #expect(step.withheld.map(\.route) == ["jobs", "landlords", "research"])
        #expect(step.withheld.map(\.decision.word) == ["no", "withdrawn", "absent"])
        #expect(step.withheld.map(\.referral) == Array(repeating: try #require(step.referrals.first), count: 3))
        #expect(dry.withheld.map(\.route) == step.withheld.map(\.route))
        #expect(["queue", "audit"].allSatisfy { bench.folder.names($0 + "/ready") == [step.referrals[0] + ".json"] })
        #expect(["jobs", "landlords", "research"].allSatisfy { bench.folder.names($0 + "/ready").isEmpty })
        #expect(bench.folder.names("in/done") == ["a.xml", "a.xml.findings.txt"])
        let text = try bench.folder.text("in/done/a.xml.findings.txt")
        #expect(text.contains("withheld from the queue `jobs`") && text.contains("took the consent back"))
    }

    @Test("a referral that goes nowhere ends in done, with a warning beside it")
    func withheldEverywhere() throws {
        var bench = try GatewayBench()
        bench.configuration.routes[0].consent = .scope(.shareWithEmploymentSupport)
        try bench.put("a.xml", try GatewayBench.refusal())
        let step = try #require(try bench.run().first)
        #expect(step.end == .withheld)
        #expect(step.findings.filter { $0.code == "referral-withheld" }.map(\.severity) == [.warning])
        #expect(bench.ready.isEmpty && bench.inbox.isEmpty)
        #expect(bench.folder.names("in/done") == ["a.xml", "a.xml.findings.txt"])
    }

    // MARK: Senders that are not done

    @Test("a document written to just now is left for the next run")
    func unsettled() throws {
        var bench = try GatewayBench()
        bench.configuration.settleSeconds = 3600
        try bench.put("a.xml", try GatewayBench.letter("A"))
        try bench.put("b.xml", try GatewayBench.letter("B"))
        let day = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0)]
        utimensat(AT_FDCWD, bench.folder["in/b.xml"], day, 0)
        #expect(try bench.run().map(\.end) == [.unsettled, .delivered])
        #expect(bench.inbox == ["a.xml"])
        bench.configuration.settleSeconds = 0
        #expect(try bench.run().map(\.end) == [.delivered])
    }

    @Test("what an earlier run began comes first, and a new document of its name after it")
    func begunFirst() throws {
        let bench = try GatewayBench()
        try bench.put("a.xml", try GatewayBench.letter("New"))
        try bench.put("b.xml", try GatewayBench.letter("Old", change: Self.warned))
        try bench.put(".work/b.xml", try GatewayBench.letter("Begun"))
        let steps = try bench.run()
        #expect(steps.map(\.file) == ["b.xml", "a.xml", "b.xml"])
        #expect(bench.folder.names("in/done") == ["a.xml", "b.xml", "b.xml.2", "b.xml.2.findings.txt"])
        #expect(try bench.folder.text("in/done/b.xml").contains("Begun"))
        #expect(bench.inbox.isEmpty && bench.work.isEmpty)
    }

    @Test("a document changed between reading and moving goes back to the inbox", arguments: ["done", "failed"])
    func changedMeanwhile(folder: String) throws {
        let bench = try GatewayBench()
        let inbox = Inbox(bench.folder["in"])
        try inbox.prepare()
        try bench.put("a.xml", "<a/>")
        let path = try inbox.claim(Inbox.Entry(name: "a.xml", isClaimed: false))
        #expect(bench.inbox.isEmpty && bench.work == ["a.xml"])
        let document = try OpenFile.open(path)
        try bench.put(".work/a.xml", "<a>more</a>")
        var failure: FileError?
        do throws(FileError) {
            _ = try inbox.finish(
                document, into: bench.folder["in/" + folder], with: .init(ending: ".why.txt", text: "x"))
        } catch { failure = error }
        #expect(failure?.reason == "it was still being written to")
        #expect(bench.folder.names("in/" + folder).isEmpty)
        #expect(inbox.putBack("a.xml") == bench.folder["in/a.xml"])
        try bench.put(".work/a.xml", "<b/>")
        #expect(inbox.putBack("a.xml") == bench.folder["in/.work/a.xml"], "a newer one has its name")
    }

    // MARK: Names

    @Test(
        "names of every length and kind find their place, with what is said beside them",
        arguments: [
            String(repeating: "n", count: 251) + ".xml", String(repeating: "é", count: 125) + ".xml",
            String(repeating: "n", count: 255), "a\u{1B}[2J\n\u{202E}.xml",
        ])
    func longNames(name: String) throws {
        let bench = try GatewayBench()
        for surname in ["A", "B"] {
            try bench.put(name, try GatewayBench.letter(surname, change: Self.warned))
            #expect(try bench.run().map(\.end) == [.delivered])
            try bench.put(name, "<broken \(surname)")
            #expect(try bench.run().map(\.end) == [.refused])
        }
        #expect(bench.inbox.isEmpty && bench.work.isEmpty)
        for (folder, ending) in [("in/done", ".findings.txt"), ("in/failed", ".why.txt")] {
            let names = bench.folder.names(folder)
            #expect(names.count == 4)
            #expect(
                names.filter { $0.hasSuffix(ending) }.allSatisfy { names.contains(String($0.dropLast(ending.count))) })
            for note in names.filter({ $0.hasSuffix(ending) }) {
                let text = try bench.folder.text(folder + "/" + note)
                #expect(!text.unicodeScalars.contains { $0.isMisleading && $0 != "\n" })
            }
        }
    }

    @Test("shortened names stay apart and keep their ending")
    func fitting() {
        let long = String(repeating: "n", count: 250)
        #expect(InboxName.fitting("short.xml") == "short.xml")
        #expect(InboxName.fitting(long + ".xml") != InboxName.fitting(long + "x.xml"))
        #expect(InboxName.fitting(long + ".xml").hasSuffix(".xml"))
        #expect(InboxName.fitting(long + ".xml").utf8.count == 235)
        #expect(InboxName.fitting(String(repeating: "🙂", count: 63)).utf8.count <= 235)
    }

    /// Whether permissions count for this process; they do not for root.
    static let isOrdinary: Bool = {
        if getuid() != 0 { return true }
        print("SKIPPED: this is root, for whom no permission counts, so unreadable files were not tried")
        return false
    }()
}
