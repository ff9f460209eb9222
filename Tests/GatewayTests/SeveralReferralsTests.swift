import Custody
import Delivery
import Foundation
import Intake
import Referrals
import Reporting
import Simulation
import Testing

@testable import Gateway

/// One document with several referrals: each has its own identity, origins and way, and the document waits for all.
@Suite("One document, several referrals")
struct SeveralReferralsTests {
    /// The spreadsheet of the samples with four people: one is for employment support, one for link workers, one never
    /// said yes to anything, and one cancels what nobody here knows.
    private static let sheet = ChangedSample("csv/referrals.csv", ("SP-088,Update", "SP-088,New"))
    /// The numbers and names of the people, by row.
    private static let people = [
        ["9990001464", "Tarn", "SP-101"], ["9990001596", "Sedge", "SP-102"], ["9990001723", "Brook", "SP-088"],
        ["9990001855", "Weald", "SP-077"],
    ]

    private func bench() throws -> EngineBench {
        try EngineBench { configuration in
            let folder = configuration.state + "/../"
            var jobs = Configuration.Route(
                name: "jobs", queue: folder + "jobs", consent: .scope(.shareWithEmploymentSupport))
            jobs.when = ("work.asked = 'yes'", SourcePosition(line: 1, column: 1))
            var workers = Configuration.Route(
                name: "workers", queue: folder + "workers", consent: .scope(.shareWithLinkWorker))
            workers.when = ("work.asked != 'yes'", SourcePosition(line: 2, column: 1))
            configuration.routes = [jobs, workers]
        }
    }

    /// Takes the spreadsheet, as the samples have it on the day of the samples.
    private func taken(_ bench: EngineBench) throws -> String {
        bench.clock.jump(milliseconds: 91 * 86_400_000)
        let reference = try #require(bench.take(try Self.sheet.text()).first).receipt.reference
        return reference
    }

    private func story(_ bench: EngineBench, _ reference: String) throws -> MessageStory {
        try #require(try bench.engine.custody.ledger.story(reference))
    }

    /// The referral of a row, its delivery, and what is owed.
    private func delivery(_ story: MessageStory, row: Int) -> DeliverySummary? {
        let referral = story.referrals[row].id
        return story.deliveries.first { $0.referral == referral }
    }

    private func handedOn(_ bench: EngineBench, _ route: String) throws -> [String] {
        try bench.folder.names(route + "/ready").map { try bench.folder.text(route + "/ready/" + $0) }
    }

    @Test("each goes its own way: here, there, withheld, held")
    func ways() throws {
        let bench = try bench()
        let reference = try taken(bench)
        bench.deliver()
        let story = try story(bench, reference)
        #expect(story.referrals.map(\.status) == [.current, .current, .current, .held])
        #expect(story.referrals.map(\.cause) == [nil, nil, nil, "referral-unknown"])
        #expect((0..<4).map { delivery(story, row: $0)?.route } == ["jobs", "workers", "workers", nil])
        #expect((0..<4).map { delivery(story, row: $0)?.state } == [.delivered, .delivered, .withheld, nil])
        #expect(delivery(story, row: 2)?.cause?.hasPrefix("consent-") == true)
        #expect(try handedOn(bench, "jobs").count == 1 && handedOn(bench, "workers").count == 1)
    }

    @Test("nothing of one is in what goes out of another")
    func apart() throws {
        let bench = try bench()
        let reference = try taken(bench)
        bench.deliver()
        for (row, route) in [(0, "jobs"), (1, "workers")] {
            let body = try #require(handedOn(bench, route).first)
            for (other, words) in Self.people.enumerated() {
                for word in words { #expect(body.contains(word) == (other == row), "row \(other) in \(route)") }
            }
        }
        let ledger = bench.engine.custody.ledger
        let canonicals = try ledger.canonicals(reference).map { String(decoding: $0.canonical, as: UTF8.self) }
        #expect(canonicals.count == 4)
        for (row, words) in Self.people.enumerated() {
            #expect(canonicals.filter { $0.contains(words[0]) }.count == 1, "row \(row)")
        }
    }

    @Test("each has an identity, a key and origins of its own")
    func identities() throws {
        let bench = try bench()
        let reference = try taken(bench)
        let story = try story(bench, reference)
        #expect(Set(story.referrals.map(\.id)).count == 4)
        #expect(Set(story.deliveries.map(\.key)).count == 3 && Set(story.deliveries.map(\.referral)).count == 3)
        let source = Array(try Self.sheet.text().utf8)
        let kept = try bench.engine.custody.ledger.canonicals(reference)
        #expect(kept.count == 4)
        for referral in kept {
            let canonical = String(decoding: referral.canonical, as: UTF8.self)
            let row = try #require(Self.people.firstIndex { canonical.contains($0[0]) })
            // The bytes that its trace names are its own row's.
            for (path, word) in [("person.nhsNumber.value", 0), ("person.name.family", 1)] {
                let trace = String(decoding: referral.trace, as: UTF8.self).split(separator: "\n")
                let line = try #require(trace.first { $0.hasPrefix(path + "\t") }).split(separator: "\t")
                let (start, end) = (try #require(Int(line[1])), try #require(Int(line[2])))
                let text = String(decoding: source[start..<end], as: UTF8.self).filter { $0 != " " }
                #expect(text == Self.people[row][word], "\(path) of row \(row)")
            }
        }
    }

    @Test("the document is done when the last of them is, and not before")
    func done() throws {
        let bench = try bench()
        let reference = try taken(bench)
        func state() throws -> MessageState? { try bench.engine.custody.ledger.message(reference)?.state }
        #expect(try state() == .held)
        bench.deliver()
        #expect(try state() == .held)
        #expect(try bench.engine.custody.ledger.deadLetters().map(\.cause) == ["referral-unknown"])
        try bench.carryOut("drop", reference)
        #expect(try state() == .delivered)
        // What was delivered and what was withheld stays so.
        let after = try story(bench, reference)
        #expect((0..<3).map { delivery(after, row: $0)?.state } == [.delivered, .delivered, .withheld])
    }

    @Test("one route that stands still keeps the document open, and not the other route")
    func oneWaits() throws {
        let bench = try bench()
        bench.clock.jump(milliseconds: 91 * 86_400_000)
        var sheet = Self.sheet
        sheet.changes.append(("SP-077,Cancel", "SP-077,New"))
        let reference = try #require(bench.take(try sheet.text()).first).receipt.reference
        let workers = try #require(bench.engine.dispatchers.first { $0.route == "workers" })
        workers.setPaused(true)
        bench.deliver()
        let waiting = try story(bench, reference)
        #expect((0..<4).map { delivery(waiting, row: $0)?.state } == [.delivered, .waiting, .withheld, .withheld])
        #expect(waiting.message.state == .waiting)
        workers.setPaused(false)
        bench.deliver()
        let after = try story(bench, reference)
        #expect(delivery(after, row: 1)?.state == .delivered && after.message.state == .delivered)
    }

    @Test("the same document again sends nothing twice")
    func again() throws {
        let bench = try bench()
        let reference = try taken(bench)
        bench.deliver()
        let receipt = try #require(bench.take(try Self.sheet.text()).first).receipt
        bench.deliver()
        #expect(receipt.reference == reference)
        #expect(try handedOn(bench, "jobs").count == 1 && handedOn(bench, "workers").count == 1)
    }
}
