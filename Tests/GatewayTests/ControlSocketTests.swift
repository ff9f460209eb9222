import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Gateway

@Suite("The socket for operators", .serialized)
struct ControlSocketTests {
    /// A socket that answers on a thread of its own until it goes.
    private final class Served: Sendable {
        let socket: ControlSocket
        private let ended = DispatchSemaphore(value: 0)

        init(_ folder: Folder, _ answer: @escaping @Sendable (String) -> String) throws {
            socket = try ControlSocket(in: folder.path)
            DispatchQueue(label: "served").async { [self] in
                socket.serve(answer)
                ended.signal()
            }
        }

        /// - Returns: Whether it ended.
        func close() -> Bool {
            socket.close()
            return ended.wait(timeout: .now() + .seconds(20)) == .success
        }
    }

    @Test("a question is answered, one after another, whatever its length", .timeLimit(.minutes(1)))
    func answers() throws {
        let folder = try Folder()
        let served = try Served(folder) { "you said \($0)" }
        for question in ["hello", "", "é🙂 \u{1B}", String(repeating: "x", count: 900_000)] {
            #expect(ControlSocket.ask(question, in: folder.path) == "you said \(question)")
        }
        #expect(served.close())
    }

    @Test("a long answer comes whole", .timeLimit(.minutes(1)))
    func longAnswer() throws {
        let folder = try Folder()
        let answer = String(repeating: "0123456789", count: 500_000)
        let served = try Served(folder) { _ in answer }
        #expect(ControlSocket.ask("all of it", in: folder.path) == answer)
        #expect(served.close())
    }

    @Test("a question past the limit has no answer, and the next caller has", .timeLimit(.minutes(1)))
    func tooLong() throws {
        let folder = try Folder()
        let heard = Mutex(0)
        let served = try Served(folder) { _ in
            heard.withLock { $0 += 1 }
            return "yes"
        }
        #expect(ControlSocket.ask(String(repeating: "x", count: 3 << 20), in: folder.path) == nil)
        #expect(heard.withLock { $0 } == 0)
        #expect(ControlSocket.ask("hello", in: folder.path) == "yes")
        #expect(served.close())
    }

    @Test("once it is closed nobody answers, and nothing is left behind", .timeLimit(.minutes(1)))
    func closed() throws {
        let folder = try Folder()
        #expect(ControlSocket.ask("hello", in: folder.path) == nil)
        let served = try Served(folder) { $0 }
        #expect(folder.names("") == ["control.sock"])
        #expect(served.close())
        #expect(folder.names("").isEmpty)
        #expect(ControlSocket.ask("hello", in: folder.path) == nil)
        served.socket.close()
    }

    @Test("only its owner may ask, and a socket left behind is taken over", .timeLimit(.minutes(1)))
    func owner() throws {
        let folder = try Folder()
        try folder.write("control.sock", "left behind")
        let served = try Served(folder) { $0 }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder["control.sock"])
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(ControlSocket.ask("hello", in: folder.path) == "hello")
        #expect(served.close())
    }

    @Test("a folder whose name is too long for a socket is an error with its reason")
    func longName() throws {
        let folder = try Folder()
        let name = String(repeating: "n", count: 100)
        try FileManager.default.createDirectory(atPath: folder[name], withIntermediateDirectories: true)
        #expect(throws: (any Error).self) { try ControlSocket(in: folder[name]) }
        #expect(ControlSocket.ask("hello", in: folder[name]) == nil)
    }
}
