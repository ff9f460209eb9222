import Custody
import Intake
import Referrals
import Reporting
import Simulation
import Synchronization
import Testing

@testable import Gateway

@Suite("Taking documents into custody")
struct ProcessorTests {
    @Test("documents taken together are committed and answered in the order they came")
    func order() throws {
        let bench = try EngineBench()
        let letters = try (0..<40).map { try GatewayBench.letter("Name\($0)") }
        let arrivals = letters.map { Arrival(source: "north", name: "a.xml", bytes: Array($0.utf8)) }
        let dispositions = try bench.engine.processor.take(arrivals)
        #expect(dispositions.map(\.receipt.message.rawValue) == dispositions.map(\.receipt.message.rawValue).sorted())
        for (letter, disposition) in zip(letters, dispositions) {
            #expect(try bench.engine.custody.ledger.payload(disposition.receipt.reference) == Array(letter.utf8))
            #expect(disposition.receipt.state == .waiting && disposition.isDone)
        }
    }

    @Test("each document has its own end, and a note for whoever stands beside the folder")
    func ends() throws {
        let bench = try EngineBench()
        let dispositions = try bench.take(
            try GatewayBench.letter(), try GatewayBench.letter(change: ("999 000 4110", "999 000 4111")), "<broken",
            try GatewayBench.letter())
        #expect(dispositions.map(\.receipt.state) == [.waiting, .held, .refused, .waiting])
        #expect(dispositions.map(\.isDone) == [true, false, false, true])
        #expect(
            dispositions[3].receipt.kind == .repeated
                && dispositions[3].receipt.reference == dispositions[0].receipt.reference)
        #expect(dispositions[3].findings.contains { $0.code == "document-repeated" })
        for index in [1, 2] {
            let note = try #require(dispositions[index].note)
            #expect(note.contains(dispositions[index].receipt.reference) && note.contains("letter.xml"))
            #expect(!note.contains("Dray") && !note.contains("999"))
        }
    }

    @Test("other rules hold for what is taken from then on")
    func otherRules() throws {
        let bench = try EngineBench()
        let closed = try EngineBench.rules(
            EngineBench.configuration(in: bench.folder) { $0.routes[0].consent = .scope(.shareWithLinkWorker) })
        #expect(try bench.take(try GatewayBench.letter("One")).map(\.receipt.state) == [.waiting])
        bench.engine.processor.use(closed)
        #expect(try bench.take(try GatewayBench.letter("Two")).map(\.receipt.state) == [.withheld])
    }

    @Test("when the store fails nothing is answered, and nobody is told")
    func storeFails() throws {
        let told = Mutex(0)
        let processor = Processor(
            try EngineBench.rules(EngineBench.configuration(in: try Folder())), committer: Failing(),
            time: SimulatedClock(),
            decider: Decider(
                keys: PersonKeys(secret: [UInt8](repeating: 1, count: 32)), randomness: SimulatedRandomness(seed: 1))
        ) { _, _, _, _ in told.withLock { $0 += 1 } }
        let arrival = Arrival(source: "north", name: "", bytes: Array(try GatewayBench.letter().utf8))
        #expect(throws: CustodyError.full) { try processor.take([arrival]) }
        #expect(told.withLock { $0 } == 0)
    }

    private struct Failing: Committing {
        func commitAndWait(_ operations: [Operation]) throws(CustodyError) -> [OperationResult] { throw .full }
        func commit(_ operations: [Operation]) async throws(CustodyError) -> [OperationResult] { throw .full }
    }

    @Test("a referral goes through to its queue once, and its document again makes no second")
    func through() throws {
        let bench = try EngineBench()
        let letter = try GatewayBench.letter()
        try bench.take(letter)
        bench.deliver()
        try bench.take(letter)
        bench.deliver()
        #expect(bench.folder.names("queue/ready").count == 1)
        #expect(try bench.result(["ask": "status"])["messages"]?["delivered"]?.integer == 1)
    }
}
