import Delivery
import DurableFiles
import Foundation
import HTTPService
import Synchronization
import Testing

@testable import Gateway

/// The ends of a crash proof over HTTP: a proof whose own books are wrong proves nothing.
@Suite("crash proof")
struct ProofTests {
    /// Answers as told; a status of `nil` is a connection that dies.
    final class Answers: Exchange {
        let answers: Mutex<[Int?]>
        let ids = Mutex<[String]>([])

        init(_ answers: [Int?]) { self.answers = Mutex(answers) }

        func send(
            _ request: ExchangeRequest,
            completion: @escaping @Sendable (Result<ExchangeResponse, ExchangeError>) -> Void
        ) {
            ids.withLock { $0.append(request.headers.first { $0.name == "X-Request-Id" }?.value ?? "") }
            let status = answers.withLock { $0.removeFirst() }
            completion(status.map { .success(ExchangeResponse(status: $0)) } ?? .failure(.resetAfterSending))
        }
    }

    @Test(
        "what was not answered with yes is posted again under the same id, what was never is",
        arguments: [nil, 503, 429, 409, 400])
    func postedAgain(_ first: Int?) {
        let answers = Answers([first, 202])
        let sender = ProofSender(ProofWays.Door(port: 1, adminPort: 2, exchange: answers))
        sender.add(7)
        sender.post()
        #expect(sender.taken.isEmpty)
        for _ in 0..<3 { sender.post() }
        #expect(sender.taken == [7])
        #expect(sender.again == 1)
        #expect(answers.ids.withLock { $0 } == ["proof-7", "proof-7"])
    }

    @Test("a repeat that is answered 200 is taken")
    func repeatIsTaken() {
        let sender = ProofSender(ProofWays.Door(port: 1, adminPort: 2, exchange: Answers([200])))
        sender.add(1)
        sender.post()
        #expect(sender.taken == [1])
    }

    private static func post(_ receiver: ProofReceiver, _ key: String, _ token: String, _ body: String) async -> Int {
        let head = ServiceRequestHead(
            method: "POST", target: "/", headers: [("idempotency-key", key), ("authorization", "Bearer " + token)])
        switch receiver.admit(head) {
        case .answer(let response): return response.status
        case .read(let request): return await request.answer(Array(body.utf8)).status
        }
    }

    @Test("the receiver keeps every post apart, a repeat too, with its key and the life that sent it")
    func kept() async throws {
        let folder = NSTemporaryDirectory() + "proof-\(UUID().uuidString)"
        try Files.makeFolder(folder + "/received")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let receiver = ProofReceiver(folder: folder)
        for life in [3, 3, 4] {
            #expect(await Self.post(receiver, "\"a~b\"", ProofReceiver.token(life: life), "x\(life)") == 201)
        }
        let names = try Files.list(folder + "/received")
        let parts = names.compactMap { ProofReceiver.parts(of: $0) }
        #expect(parts.map(\.key) == ["a~b", "a~b", "a~b"])
        #expect(parts.map(\.life) == [3, 3, 4])
        #expect(try Files.read(folder + "/received/" + names[2]) == Array("x4".utf8))
    }

    @Test(
        "a post without a key, or with one that leads out of the folder, is refused",
        arguments: ["", "\"\"", "a", "\"../a\"", "\"a/b\""])
    func refused(_ key: String) async {
        let receiver = ProofReceiver(folder: "/nowhere")
        #expect(await Self.post(receiver, key, ProofReceiver.token(life: 1), "") == 400)
    }

    @Test("the receiver says no when it cannot keep what came")
    func cannotKeep() async {
        let receiver = ProofReceiver(folder: "/nowhere")
        #expect(await Self.post(receiver, "\"a\"", ProofReceiver.token(life: 1), "") == 503)
    }
}
