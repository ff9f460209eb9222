import Foundation
import Glibc
import Testing

@testable import Gateway

@Suite("The service manager")
struct ServiceManagerTests {
    /// The datagram socket of a service manager.
    private final class Listener {
        let descriptor: Int32

        init(_ name: [UInt8]) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
            let status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(status == 0)
        }

        deinit { close(descriptor) }

        /// What was told, or nothing.
        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    private func manager(_ environment: [String: String]) -> ServiceManager { ServiceManager { environment[$0] } }

    @Test("it is told how things stand, in the words of sd_notify")
    func told() throws {
        let folder = try Folder()
        let listener = try Listener(Array(folder["notify"].utf8))
        let manager = manager(["NOTIFY_SOCKET": folder["notify"], "WATCHDOG_USEC": "30000000"])
        #expect(manager.watchdogMilliseconds == 30_000)
        manager.ready("2 sources, 1 routes")
        manager.reloading(at: 1234)
        manager.alive()
        manager.stopping()
        #expect(listener.next() == "READY=1\nSTATUS=2 sources, 1 routes")
        #expect(listener.next() == "RELOADING=1\nMONOTONIC_USEC=1234000")
        #expect(listener.next() == "WATCHDOG=1")
        #expect(listener.next() == "STOPPING=1")
        #expect(listener.next() == nil)
    }

    @Test("a name without a file is found too")
    func abstract() throws {
        let name = "linkway-\(UUID().uuidString)"
        let listener = try Listener([0] + Array(name.utf8))
        manager(["NOTIFY_SOCKET": "@" + name]).alive()
        #expect(listener.next() == "WATCHDOG=1")
    }

    @Test(
        "where there is none, or none that answers, nothing happens",
        arguments: [
            [:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "/nowhere/notify"],
            ["NOTIFY_SOCKET": String(repeating: "n", count: 300)],
        ])
    func nobody(_ environment: [String: String]) {
        let manager = manager(environment)
        manager.ready("ready")
        manager.alive()
        manager.stopping()
        #expect(manager.watchdogMilliseconds == nil)
    }
}
