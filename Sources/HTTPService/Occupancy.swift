#if HTTP
    internal import NIOCore
    internal import Synchronization

    /// Counts what a listener has in hand, so that no client and no crowd takes all of it.
    final class Occupancy: Sendable {
        private struct State {
            var connections: [ObjectIdentifier: any Channel] = [:]
            var connectionsOfPeer: [String: Int] = [:]
            var requestsOfClient: [String: Int] = [:]
            var requests = 0
            var bodyBytes = 0
            var isDraining = false
        }

        private let limits: ServiceLimits
        private let state = Mutex(State())

        init(_ limits: ServiceLimits) { self.limits = limits }

        var isDraining: Bool { state.withLock { $0.isDraining } }
        var requestsInHand: Int { state.withLock { $0.requests } }
        var openConnections: [any Channel] { state.withLock { Array($0.connections.values) } }

        func drain() { state.withLock { $0.isDraining = true } }

        /// Whether there is room for a connection; if so it is counted.
        func enter(_ channel: any Channel, peer: String) -> Bool {
            state.withLock { state in
                let ofPeer = state.connectionsOfPeer[peer, default: 0]
                let isPeerFull = peer != "local" && ofPeer >= limits.connectionsOfPeer
                guard state.connections.count < limits.connections, !isPeerFull else { return false }
                state.connections[ObjectIdentifier(channel)] = channel
                state.connectionsOfPeer[peer] = ofPeer + 1
                return true
            }
        }

        func leave(_ channel: any Channel, peer: String) {
            state.withLock { state in
                guard state.connections.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return }
                Self.lower(&state.connectionsOfPeer, peer)
            }
        }

        /// Whether a client has as many requests in hand as it may.
        func isFull(_ client: String) -> Bool {
            state.withLock { $0.requestsOfClient[client, default: 0] >= limits.requestsOfClient }
        }

        /// Whether a request may be worked on; if so it is counted.
        func begin(_ client: String) -> Bool {
            state.withLock { state in
                guard state.requestsOfClient[client, default: 0] < limits.requestsOfClient else { return false }
                state.requestsOfClient[client, default: 0] += 1
                state.requests += 1
                return true
            }
        }

        func end(_ client: String) {
            state.withLock { state in
                Self.lower(&state.requestsOfClient, client)
                state.requests -= 1
            }
        }

        /// Whether there is room for so many bytes of bodies; if so they are counted.
        func take(_ bytes: Int) -> Bool {
            state.withLock { state in
                guard state.bodyBytes + bytes <= limits.bodiesInHand else { return false }
                state.bodyBytes += bytes
                return true
            }
        }

        func giveBack(_ bytes: Int) { state.withLock { $0.bodyBytes -= bytes } }

        private static func lower(_ counts: inout [String: Int], _ key: String) {
            let left = counts[key, default: 1] - 1
            counts[key] = left > 0 ? left : nil
        }
    }
#endif
