// SPDX-License-Identifier: Apache-2.0
// What an application does with kafkajs: kafkajs.js BOOTSTRAP TOPIC.
const assert = require('assert')
const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = require('kafkajs')

async function main([bootstrap, topic]) {
  const kafka = new Kafka({ clientId: 'kafkajs', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  assert.strictEqual(await admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 3 }], waitForLeaders: true }), true)
  assert.strictEqual(await admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 3 }] }), false)
  const cluster = await admin.describeCluster()
  assert.strictEqual(cluster.brokers.length, 3)
  for (const [acks, idempotent] of [[-1, true], [1, false], [0, false]]) {
    const producer = kafka.producer({ idempotent, maxInFlightRequests: 1 })
    await producer.connect()
    const messages = [...Array(100).keys()].map((i) => ({ key: `k${i}`, value: `v${i}`, partition: i % 2, headers: { acks: `${acks}` } }))
    await producer.send({ topic, acks, messages })
    await producer.send({ topic, acks, messages, compression: CompressionTypes.GZIP })
    await producer.disconnect()
  }
  const deadline = Date.now() + 20000
  let offsets
  do {
    offsets = await admin.fetchTopicOffsets(topic)
  } while (offsets.some(({ high }) => high !== '300') && Date.now() < deadline)
  assert.deepStrictEqual(offsets.map(({ high }) => high), ['300', '300'])
  const configs = await admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['cleanup.policy'] }] })
  assert.strictEqual(configs.resources[0].configEntries[0].configValue, 'delete')
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: 'retention.ms', value: '86400000' }] }] })
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '5' }] })
  assert.strictEqual((await admin.fetchTopicOffsets(topic)).find(({ partition }) => partition === 0).low, '5')
  await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
  console.log('topic made, grown, configured, trimmed and deleted; 600 records written with acks -1, 1 and 0')
}

main(process.argv.slice(2)).catch((failure) => {
  console.error(failure)
  process.exit(1)
})
